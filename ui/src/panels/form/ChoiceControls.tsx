import { Segments, Select } from "../../components/Inputs";
import { formTexts } from "../../texts/form";
import css from "./form.module.css";
import { type Of, useScope } from "./scope";

const ROOM = 30; // letters that fit side by side

/** A choice as a person reads it: signs that are not seen are named. */
function named(option: string | number | boolean): string {
  const words: Record<string, string> = {
    "": formTexts.nothing,
    " ": formTexts.space,
    "\\t": formTexts.tab,
    "\t": formTexts.tab,
  };
  return words[String(option)] ?? String(option);
}

export function ChoiceControl({ field, value, onChange, path, id, label, describedBy }: Of<"choice">) {
  const wrong = useScope().fault(path);
  const texts = field.titles ?? field.options.map(named);
  const given = value === "" && !field.options.includes("") ? undefined : value;
  const unknown = given !== null && given !== undefined && !field.options.includes(given as string);
  const few = field.options.length <= 3 && texts.join("").length <= ROOM;
  if (few && !field.nullable && !unknown && given !== undefined)
    return (
      <Segments
        label={label}
        name={id}
        options={field.options.map((_, index) => [String(index), texts[index] ?? ""] as const)}
        value={String(field.options.indexOf(value as string))}
        onChange={(index) => onChange(field.options[Number(index)] ?? null)}
      />
    );
  return (
    <Select
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={wrong}
      value={unknown ? "unknown" : String(field.options.indexOf(value as string))}
      onChange={(event) => onChange(field.options[Number(event.target.value)] ?? null)}
    >
      {(field.nullable || given === undefined) && (
        <option value="-1">{field.nullable ? formTexts.automatic : formTexts.choose}</option>
      )}
      {unknown && <option value="unknown">{String(value)}</option>}
      {field.options.map((option, index) => (
        <option key={String(option)} value={index}>
          {texts[index]}
        </option>
      ))}
    </Select>
  );
}

export function ChoicesControl({ field, value, onChange, id, label, describedBy }: Of<"choices">) {
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  const toggle = (option: string) =>
    onChange(chosen.includes(option) ? chosen.filter((one) => one !== option) : [...chosen, option]);
  return (
    <fieldset id={id} className={css.choices} aria-describedby={describedBy}>
      <legend className="said">{label}</legend>
      {field.options.map((option) => {
        const at = chosen.indexOf(option);
        return (
          <label key={option} className={css.choice}>
            <input type="checkbox" checked={at >= 0} onChange={() => toggle(option)} />
            <span>{named(option)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
