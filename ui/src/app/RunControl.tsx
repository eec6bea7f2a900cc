import { useEffect, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import type { RunFinished } from "../api/generated";
import { Button } from "../components/Button";
import { duration } from "../components/formats";
import { KeepButton } from "../components/KeepButton";
import { useDocument } from "../store/document";
import { cancel, run } from "../store/session";
import { failures, runProgress, useStatus } from "../store/status";
import { appTexts as texts } from "../texts/app";
import { Icon } from "../theme/Icon";
import css from "./TopBar.module.css";

/** Run, or stop, and how far the run is, or how it ended. */
export function RunControl() {
  const idle = useStatus((status) => status.run.state === "idle");
  const ready = useDocument((state) => state.phase === "ready"); // before, there is nobody who could be told to run
  return (
    <>
      <Ended running={!idle} />
      {idle ? (
        <Button kind="primary" icon="play" title={texts.runHint} disabled={!ready} onClick={() => run()}>
          {texts.run}
        </Button>
      ) : (
        <Running />
      )}
    </>
  );
}

function Running() {
  const { state } = useStatus((status) => status.run);
  const { done, total } = useStatus(useShallow(runProgress));
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
      <KeepButton />
      <Button icon="stop" disabled={state === "cancelling"} onClick={cancel}>
        {state === "cancelling" ? texts.stopping : texts.stop}
      </Button>
    </>
  );
}

const SHOWN = 15_000; // milliseconds

/** How the last run ended, for a while or until the next edit. */
function Ended({ running }: { running: boolean }) {
  const ended = useStatus((status) => status.ended);
  const runs = useStatus((status) => status.runs);
  const failed = useStatus((status) => (status.ended?.status === "failed" ? failures(status) : 0));
  const [old, setOld] = useState<RunFinished | null>(null);
  useEffect(() => {
    if (!ended) return;
    const forget = (): void => setOld(ended);
    const timer = setTimeout(forget, SHOWN);
    const stop = useDocument.subscribe((now, before) => {
      if (now.pending.length > before.pending.length || now.revision !== before.revision) forget();
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [ended]);
  const shown = ended === old || running ? null : ended;
  return (
    <span className={css.ended} role="status" data-end={shown?.status} data-runs={runs}>
      {shown && <Icon name={shown.status === "done" ? "check" : "warning"} size={14} />}
      {shown && texts.ended[shown.status](duration(shown.seconds), shown.status === "done" ? shown.ran : failed)}
    </span>
  );
}
