import { dialogTexts } from "../texts/dialogs";
import css from "./Trace.module.css";

/** The technical trace of a failure, shown when asked for. */
export function Trace({ text }: { text: string }) {
  return (
    <details className={css.trace}>
      <summary>{dialogTexts.trace}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}
