import { Icon } from "../theme/Icon";
import { dialogTexts } from "../texts/dialogs";
import { IconButton, LinkButton } from "./Button";
import css from "./Toasts.module.css";
import { useToasts } from "./toasts";

const ICONS = { info: "info", good: "check", bad: "error" };

/** What was told lately, at the edge of the page. */
export function Toasts() {
  const { toasts, dismiss } = useToasts();
  return (
    <div className={css.toasts} role="log" aria-live="polite" aria-label={dialogTexts.told}>
      {toasts.map(({ id, tone, text, more, action }) => (
        <div key={id} className={css.toast} data-tone={tone} role={tone === "bad" ? "alert" : undefined}>
          <Icon name={ICONS[tone]} size={18} />
          <div className={css.text}>
            <p>{text}</p>
            {more && <p className={css.more}>{more}</p>}
            {action && (
              <LinkButton
                onClick={() => {
                  action.run();
                  dismiss(id);
                }}
              >
                {action.text}
              </LinkButton>
            )}
          </div>
          <IconButton icon="close" size="tiny" label={dialogTexts.dismiss} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
