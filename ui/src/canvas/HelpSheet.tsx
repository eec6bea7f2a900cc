import { keyLabel } from "../app/keyLabel";
import { Dialog } from "../components/Dialog";
import { canvasTexts as texts } from "../texts/canvas";
import { shortcutTexts } from "../texts/shortcuts";
import css from "./HelpSheet.module.css";
import { show, useCanvas } from "./state";

/** What each key and gesture does. */
export function HelpSheet() {
  const open = useCanvas((state) => state.help);
  if (!open) return null;
  return (
    <Dialog title={texts.help} onClose={() => show({ help: false })} width={1080}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it may have to be scrolled by keyboard */}
      <section className={css.sheet} aria-label={texts.help} tabIndex={0}>
        {shortcutTexts.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    {keyLabel(key)
                      .split(" ")
                      .map((one) => (one === "·" ? " · " : <kbd key={one}>{one}</kbd>))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </section>
    </Dialog>
  );
}
