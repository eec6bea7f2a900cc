import { Button } from "../components/Button";
import { cancel, run } from "../store/session";
import { runProgress, useStatus } from "../store/status";
import { appTexts as texts } from "../texts/app";
import css from "./TopBar.module.css";

/** Run, or stop, and how far the run is. */
export function RunControl() {
  const { state } = useStatus((status) => status.run);
  const done = useStatus((status) => (status.run.state === "idle" ? 0 : runProgress(status).done));
  const total = useStatus((status) => (status.run.state === "idle" ? 0 : runProgress(status).total));
  if (state === "idle")
    return (
      <Button kind="primary" icon="play" title={texts.runHint} onClick={() => run()}>
        {texts.run}
      </Button>
    );
  return (
    <>
      <div
        className={css.progress}
        role="progressbar"
        aria-label={texts.progress}
        aria-valuenow={total > 0 ? Math.round((100 * done) / total) : 0}
      >
        <div className={css.track}>
          <div style={{ transform: `scaleX(${total > 0 ? done / total : 0})` }} />
        </div>
        <span>{texts.done(done, total)}</span>
      </div>
      <Button icon="stop" disabled={state === "cancelling"} onClick={cancel}>
        {state === "cancelling" ? texts.stopping : texts.stop}
      </Button>
    </>
  );
}
