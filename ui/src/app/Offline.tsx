import { useEffect, useState } from "react";
import { useDocument } from "../store/document";
import { useLink } from "../store/session";
import { appTexts as texts } from "../texts/app";
import { Icon } from "../theme/Icon";
import css from "./Offline.module.css";

/** Told when the line to the studio is down for more than a moment. */
export function Offline() {
  const link = useLink((state) => state.link);
  const phase = useDocument((state) => state.phase);
  const [down, setDown] = useState(false);
  const open = link === "open" || phase !== "ready";
  useEffect(() => {
    if (open) {
      setDown(false);
      return;
    }
    const timer = setTimeout(() => setDown(true), 700);
    return () => clearTimeout(timer);
  }, [open]);
  if (!down) return null;
  return (
    <div className={css.banner} role="alert">
      <Icon name="warning" />
      <span>{texts.offline}</span>
      <span className={css.state}>{texts.reconnecting}</span>
    </div>
  );
}
