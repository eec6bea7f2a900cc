import type { NodeState } from "../../api/generated";
import { Button } from "../../components/Button";
import { Empty } from "../../components/Empty";
import { count, duration, figure } from "../../components/formats";
import { KeepButton } from "../../components/KeepButton";
import { Trace } from "../../components/Trace";
import { useDocument } from "../../store/document";
import { blockIn } from "../../store/looked";
import { useSelection } from "../../store/selection";
import { run } from "../../store/session";
import { useStatus } from "../../store/status";
import { portTexts } from "../../texts/port";
import css from "./port.module.css";

interface Props {
  node: string;
  state: NodeState;
  problem: { id: string; what: string; remedy: string };
}

/** Why there is nothing to show, and what to do: run it, wait for it, mend it. */
export function Standing({ node, state, problem }: Props) {
  const toSetting = useSelection((selection) => selection.toSetting);
  const led = useStatus((status) => status.findings.find((one) => one.node === node && one.setting)?.setting);
  const trains = useDocument(({ document }) => blockIn(document, node)?.type === "train_network");
  const again = (
    <Button kind="primary" icon="run-to" onClick={() => run([node])}>
      {state.state === "failed" ? portTexts.runAgain : portTexts.runTo}
    </Button>
  );
  switch (state.state) {
    case "running":
      return (
        <Empty
          icon="clock"
          title={state.progress?.title || portTexts.running}
          actions={trains && <KeepButton node={node} />}
        >
          <Progress state={state} />
        </Empty>
      );
    case "waiting":
      return (
        <Empty icon="clock" title={portTexts.waiting}>
          {state.reason}
        </Empty>
      );
    case "failed":
      return (
        <Empty
          icon="error"
          title={state.problem?.what ?? portTexts.failed}
          actions={
            <>
              {state.problem?.setting && (
                <Button icon="sliders" onClick={() => toSetting(node, state.problem?.setting ?? "")}>
                  {portTexts.mend}
                </Button>
              )}
              {again}
            </>
          }
        >
          {state.problem?.remedy}
          {state.problem?.trace && <Trace text={state.problem.trace} />}
        </Empty>
      );
    case "incomplete":
    case "placeholder":
      return (
        <Empty
          icon="sliders"
          title={portTexts.incomplete}
          actions={
            led && (
              <Button icon="sliders" onClick={() => toSetting(node, led)}>
                {portTexts.mend}
              </Button>
            )
          }
        >
          {portTexts.incompleteHint}
        </Empty>
      );
    case "cancelled":
    case "interrupted":
      return (
        <Empty icon="warning" title={portTexts.cut} actions={again}>
          {state.state === "interrupted" && state.reason} {trains ? portTexts.goesOn : portTexts.beginsAnew}
        </Empty>
      );
    default:
      return (
        <Empty
          icon={["ready", "stale"].includes(state.state) ? "run-to" : "warning"}
          title={problem.what}
          actions={again}
        >
          {problem.remedy}
        </Empty>
      );
  }
}

/** Whole where it is large. */
const rate = (value: number) => (value < 10 ? figure(Number(value.toPrecision(2))) : count(Math.round(value)));

/** How far a running node is. */
function Progress({ state }: { state: NodeState }) {
  const progress = state.progress;
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : null;
  const words = [
    progress?.total ? portTexts.progress(count(progress.done), count(progress.total), progress.unit) : null,
    progress?.rate ? portTexts.rate(rate(progress.rate)) : null,
    progress?.remaining ? portTexts.remaining(duration(progress.remaining)) : null,
  ].filter(Boolean);
  return (
    <div className={css.progress}>
      <progress className={css.bar} max={1} value={share ?? undefined} aria-label={portTexts.running} />
      {words.length > 0 && <p>{words.join(" · ")}</p>}
    </div>
  );
}
