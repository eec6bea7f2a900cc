import { useId, useRef } from "react";
import { IconButton } from "../../components/Button";
import { Prose } from "../../components/Prose";
import { formTexts } from "../../texts/form";
import { Icon } from "../../theme/Icon";
import { Control } from "../form/Control";
import type { Field, Json, NamedField } from "../form/fields";
import css from "./settings.module.css";
import { useDraft } from "./useDraft";
import { Wrong } from "./Wrong";
import { shortly } from "./wrongs";

interface Props {
  named: NamedField;
  /** What the document says; undefined: the default holds. */
  given: Json | undefined;
  problem: string | undefined;
  /** Whether the problem is a fault, and not only still to be done. */
  fault: boolean;
  onLeave: () => void;
  /** Title of what feeds the setting by wire. */
  fed: string | undefined;
  onSet: (value: Json, group: string) => void;
  onUnset: () => void;
}

const inline = (field: Field): boolean => field.kind === "boolean" && !field.nullable;

/** One setting: its name, control, help, and what is wrong with it. */
export function SettingField({ named, given, problem, fault, fed, onLeave, onSet, onUnset }: Props) {
  const { name, field, required } = named;
  const id = useId();
  const session = useRef(0);
  const group = `${name}:${id}:${session.current}`;
  const { value, change, flush } = useDraft(given === undefined ? field.default : given, (next) =>
    JSON.stringify(next) === JSON.stringify(field.default) ? given !== undefined && onUnset() : onSet(next, group),
  );
  const changed = given !== undefined && !required && field.kind !== "drawn";
  const about = [field.doc && `${id}-doc`, problem && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches the focus of the control within
    <div
      className={css.field}
      data-setting={name}
      data-wrong={fault && !fed}
      onFocus={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) session.current += 1;
      }}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        flush();
        onLeave();
      }}
    >
      <div className={inline(field) && !fed ? css.inline : css.stacked}>
        <div className={css.head}>
          <label htmlFor={id} className={css.label}>
            {field.title}
            {required && <span aria-hidden="true"> *</span>}
          </label>
          {changed && !fed && (
            <IconButton
              icon="undo"
              size="tiny"
              label={formTexts.reset(shortly(field.default))}
              className={css.reset}
              onClick={() => {
                flush();
                onUnset();
              }}
            />
          )}
        </div>
        {fed ? (
          <p className={css.fed}>
            <Icon name="link" size={14} />
            {formTexts.fed(fed)}
          </p>
        ) : (
          <Control
            field={field}
            value={value}
            onChange={change}
            path={name}
            id={id}
            label={field.title}
            describedBy={about || undefined}
          />
        )}
      </div>
      {problem && !fed && (
        <Wrong
          id={`${id}-wrong`}
          field={field}
          value={value}
          problem={problem}
          fault={fault}
          onTake={(next) => change(next)}
        />
      )}
      {field.doc && (
        <p id={`${id}-doc`} className={css.doc}>
          <Prose text={sentence(field.doc)} />
        </p>
      )}
    </div>
  );
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
