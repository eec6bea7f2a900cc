import { lazy, Suspense } from "react";
import type { NodeState, PortFacts } from "../../api/generated";
import { useFresh } from "../../panels/port/useFresh";
import { usePortFacts } from "../../store/status";
import { canvasTexts as texts } from "../../texts/canvas";
import { shownFacts } from "../../views/network/kept";
import css from "./preview.module.css";

const Rows = lazy(() => import("./Rows"));
const Drawing = lazy(() => import("./Drawing"));

interface Props {
  path: string;
  /** the output that is shown */
  port: string;
  type: string;
  state: NodeState;
  /** pixels of the canvas that there are for it */
  width: number;
  height: number;
}

/** A preview that shows what lies at a port. fresh: changes whenever that may have changed. */
export interface PreviewProps extends Omit<Props, "state" | "type"> {
  fresh: string | null;
}

/** States in which something may lie at the ports. */
const ANSWERS: NodeState["state"][] = ["done", "ready", "stale", "cancelled", "interrupted"];

/** What comes out of a node, small, on the node: first rows, the drawing, or a few facts. */
export function NodePreview({ path, port, type, state, width, height }: Props) {
  const facts = usePortFacts(path, port);
  const version = useFresh(state, facts);
  const at = { path, port, width, height, fresh: ANSWERS.includes(state.state) ? version : null };
  return (
    <div className={css.preview}>
      <Suspense fallback={null}>
        {type === "Table" ? <Rows {...at} /> : type === "Figure" ? <Drawing {...at} /> : <Facts facts={facts} />}
      </Suspense>
    </div>
  );
}

function Facts({ facts }: { facts: PortFacts | undefined }) {
  const known = shownFacts(facts?.facts ?? {}).filter(([name]) => name !== "title");
  if (known.length === 0) return <p className={css.none}>{texts.noPreview}</p>;
  return (
    <dl className={css.facts}>
      {known.map(([name, words]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
