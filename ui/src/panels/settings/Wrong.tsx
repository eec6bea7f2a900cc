import { LinkButton } from "../../components/Button";
import { formTexts } from "../../texts/form";
import { Icon } from "../../theme/Icon";
import type { Field, Json } from "../form/fields";
import css from "./settings.module.css";
import { suggestion } from "./suggest";

interface Props {
  id: string;
  field: Field;
  value: Json | undefined;
  problem: string;
  /** something is wrong: not only still to be done */
  fault: boolean;
  onTake: (value: Json) => void;
}

/** What is wrong with a field, or still to be done; where the message has a hint, a click takes it. */
export function Wrong({ id, field, value, problem, fault, onTake }: Props) {
  const hint = suggestion(field, value, problem);
  const text = hint ? problem.replace(/ ?Did you mean ".+?"\?/, "") : problem;
  return (
    <p id={id} className={css.problem} data-fault={fault}>
      {fault && <Icon name="error" size={14} />}
      <span>
        {text} {hint && <LinkButton onClick={() => onTake(hint.value)}>{formTexts.take(hint.name)}</LinkButton>}
      </span>
    </p>
  );
}
