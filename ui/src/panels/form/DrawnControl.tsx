import { LinkButton } from "../../components/Button";
import { formTexts } from "../../texts/form";
import css from "./form.module.css";
import type { Of } from "./scope";

/** What was chosen in the node's figure: it is drawn there, and can be taken away here. */
export function DrawnControl({ value, onChange }: Of<"drawn">) {
  const areas = Array.isArray(value) ? value.length : 0;
  return (
    <p className={css.none}>
      {areas === 0 ? formTexts.drawNothing : formTexts.drawn(areas)}{" "}
      {areas > 0 && <LinkButton onClick={() => onChange([])}>{formTexts.drawClear}</LinkButton>}
    </p>
  );
}
