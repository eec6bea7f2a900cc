import { useDocument } from "../store/document";
import { trust } from "../store/session";
import { dialogTexts } from "../texts/dialogs";
import { Icon } from "../theme/Icon";
import { Button } from "./Button";
import { confirm } from "./confirm";
import css from "./TrustBanner.module.css";

/** Above a workflow that came from elsewhere and could do something outside: it runs once the person lets it. */
export function TrustBanner() {
  const needed = useDocument((state) => state.needsTrust && !state.trusted);
  if (!needed) return null;
  const ask = async () => {
    const { trustTitle, trustText, trustAction } = dialogTexts;
    if (await confirm({ title: trustTitle, text: trustText, action: trustAction })) trust();
  };
  return (
    <section className={css.banner} aria-label={dialogTexts.trustTitle}>
      <Icon name="shield" size={20} />
      <p>
        <strong>{dialogTexts.trustHead}</strong> {dialogTexts.trustWhy}
      </p>
      <Button size="small" onClick={ask}>
        {dialogTexts.trustAction}
      </Button>
    </section>
  );
}
