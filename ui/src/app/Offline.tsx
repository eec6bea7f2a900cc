import { useEffect, useState } from "react";
import type { Problem } from "../api/generated";
import { useDocument } from "../store/document";
import { useLink } from "../store/session";
import { appTexts as texts } from "../texts/app";
import { Icon } from "../theme/Icon";
import css from "./Offline.module.css";

function away(problem: Problem | null): string {
  if (problem === null) return texts.offline;
  return problem.id === "refused" ? texts.startedAnew : `${problem.what} ${problem.remedy} ${texts.damaged}`;
}

/** Told when the line to the studio is down for more than a moment, or the workflow is not there, or cannot be opened. */
export function Offline() {
  const { link, problem } = useLink();
  const phase = useDocument((state) => state.phase);
  const [late, setLate] = useState(false);
  const down = phase === "ready" && (link === "offline" || link === "connecting");
  const gone = phase === "ready" && link === "gone";
  useEffect(() => {
    if (!down) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), 700);
    return () => clearTimeout(timer);
  }, [down]);
  if (!gone && !(down && late)) return null;
  return (
    <div className={css.banner} role="alert">
      <Icon name="warning" />
      <span>{gone ? texts.gone : away(problem)}</span>
      {!gone && <span className={css.state}>{problem ? texts.retrying : texts.reconnecting}</span>}
    </div>
  );
}
