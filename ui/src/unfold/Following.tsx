import { unfoldTexts as texts } from "../texts/unfold";
import { useOpened } from "./opened";
import type { Head } from "./source/shapes";

const MOST = 500; // outputs to choose from

/** What J is: the loss, or one of the network's outputs. A page without a server says it, and does not offer another. */
export function FollowChoice({ of }: { of: string }) {
  const { head, onFollow } = useOpened();
  const { followed } = head;
  if (!followed) return null;
  const { answered, outputs, name } = followed;
  if (!onFollow) return <span className="unf-quiet">{`${of} ${texts.followed(name)}`}</span>;
  return (
    <span className="unf-field-label" title={answered ? texts.followed(name) : texts.unanswered(name)}>
      {of}
      <select
        className="unf-follow"
        aria-label={texts.follow}
        value={chosenOf(head)}
        onChange={(event) => onFollow(event.target.value)}
      >
        <option value="task" disabled={!answered}>
          {answered ? texts.theLoss : texts.noLoss}
        </option>
        {outputs.length !== 1 && <option value="output">{texts.largest}</option>}
        {outputs.slice(0, MOST).map((output) => (
          <option key={output} value={output}>
            {texts.output(output)}
          </option>
        ))}
      </select>
    </span>
  );
}

/** Of a network with one output that is the largest. */
function chosenOf({ followed }: Head): string {
  const [only, ...others] = followed?.outputs ?? [];
  return followed?.chosen === "output" && only !== undefined && !others.length ? only : (followed?.chosen ?? "");
}
