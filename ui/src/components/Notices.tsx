import { useNotices } from "../store/notices";
import { dialogTexts } from "../texts/dialogs";
import { Icon } from "../theme/Icon";
import { IconButton } from "./Button";
import css from "./Notices.module.css";
import { Prose } from "./Prose";
import { Trace } from "./Trace";

const ICONS = { info: "info", good: "check", bad: "error" };

/** What was told lately, at the edge of the window; mounted once. */
export function Notices() {
  const { notices, dismiss } = useNotices();
  return (
    <div className={css.toasts} role="log" aria-live="polite" aria-label={dialogTexts.told}>
      {notices.map(({ id, tone, text, remedy, trace }) => (
        <div key={id} className={css.toast} data-tone={tone} role={tone === "bad" ? "alert" : undefined}>
          <Icon name={ICONS[tone]} size={18} />
          <div className={css.text}>
            <p>
              <Prose text={text} />
            </p>
            {remedy && (
              <p className={css.more}>
                <Prose text={remedy} />
              </p>
            )}
            {trace && <Trace text={trace} />}
          </div>
          <IconButton icon="close" size="tiny" label={dialogTexts.dismiss} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
