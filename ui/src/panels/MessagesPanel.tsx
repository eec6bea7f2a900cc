import { useState } from "react";
import { LinkButton } from "../components/Button";
import { Empty } from "../components/Empty";
import { Segments } from "../components/Inputs";
import { Prose } from "../components/Prose";
import { Trace } from "../components/Trace";
import { splitPath } from "../graph/document";
import { useDocument } from "../store/document";
import { useSelection } from "../store/selection";
import { type Status, useStatus } from "../store/status";
import { type Touched, toDo, useTouched } from "../store/touched";
import { portTexts } from "../texts/port";
import { Icon } from "../theme/Icon";
import css from "./port/port.module.css";
import { titleAt } from "./titles";

export interface Told {
  node: string;
  tone: "info" | "warning" | "bad";
  text: string;
  remedy: string;
  trace: string;
  setting: string | null;
}

/** All that nodes and the check have to say, what is bad first. `of`: only about this node and what is in it. */
export function told(status: Status, touched: Touched, of?: string): Told[] {
  const here = (node: string) => of === undefined || node === of || node.startsWith(`${of}/`);
  const failures: Told[] = Object.entries(status.nodes).flatMap(([node, { problem }]) =>
    problem && here(node)
      ? [
          {
            node,
            tone: toDo(touched, node, problem) ? "info" : "bad",
            text: problem.what,
            remedy: problem.remedy,
            trace: problem.trace ?? "",
            setting: problem.setting ?? null,
          },
        ]
      : [],
  );
  // A component has the problem of the node in it: it is told of that one.
  const own = failures.filter(
    (one) => !failures.some((other) => other.node.startsWith(`${one.node}/`) && other.text === one.text),
  );
  const findings: Told[] = status.findings
    .filter((one) => here(one.node) && !failures.some((other) => other.node === one.node && other.text === one.what))
    .map((one) => ({
      node: one.node,
      tone: toDo(touched, one.node, one) ? "info" : one.severity === "error" ? "bad" : "warning",
      text: one.what,
      remedy: one.remedy,
      trace: "",
      setting: one.setting,
    }));
  const messages: Told[] = Object.entries(status.nodes).flatMap(([node, { messages }]) =>
    here(node)
      ? messages.map(({ level, text }) => ({ node, tone: level, text, remedy: "", trace: "", setting: null }))
      : [],
  );
  const order = { bad: 0, warning: 1, info: 2 };
  return [...own, ...findings, ...messages].sort((a, b) => order[a.tone] - order[b.tone]);
}

const ICONS = { info: "info", warning: "warning", bad: "error" };

/** What nodes say about their results and their failures. */
export function MessagesPanel({ node }: { node?: string }) {
  const status = useStatus();
  const [whose, setWhose] = useState<"this" | "all">(node ? "this" : "all");
  const { toSetting, select } = useSelection();
  const lines = told(status, useTouched(), node && whose === "this" ? node : undefined);
  const lead = ({ node: at, setting }: Told) => {
    const { within, id } = splitPath(at);
    if (useDocument.getState().within !== within) useDocument.getState().enter(within);
    if (setting) toSetting(at, setting);
    else select([id]);
  };
  return (
    <div className={css.messages} style={{ containerType: "inline-size" }}>
      {node && (
        <div className={css.messagesBar}>
          <Segments
            label={portTexts.whose}
            name="whose"
            options={[
              ["this", portTexts.onlyThis],
              ["all", portTexts.all],
            ]}
            value={whose}
            onChange={setWhose}
          />
        </div>
      )}
      <div className={css.list}>
        {lines.length === 0 && (
          <Empty icon="message" title={portTexts.noMessages}>
            {portTexts.noMessagesHint}
          </Empty>
        )}
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same may be said twice
          <div key={index} className={css.message} data-tone={line.tone}>
            <Icon name={ICONS[line.tone]} label={line.tone} />
            <button type="button" className={css.who} onClick={() => lead(line)} title={line.node}>
              {titleAt(line.node)}
            </button>
            <div className={css.said}>
              <p>
                <Prose text={line.text} />
              </p>
              {line.remedy && (
                <p className={css.remedy}>
                  <Prose text={line.remedy} />
                </p>
              )}
              {line.setting && <LinkButton onClick={() => lead(line)}>{portTexts.mend}</LinkButton>}
              {line.trace && <Trace text={line.trace} />}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
