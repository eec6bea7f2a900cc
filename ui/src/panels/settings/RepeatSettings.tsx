import { useEffect, useId, useState } from "react";
import { Select } from "../../components/Inputs";
import { type Block, exposed, pathOf } from "../../graph/document";
import { useDocument } from "../../store/document";
import { leaveField, touched, useTouched } from "../../store/touched";
import { repeatTexts as texts } from "../../texts/repeat";
import type { Json } from "../form/fields";
import { isUnset } from "../form/validate";
import {
  type Face,
  freshRepeat,
  meant,
  type Over,
  type Repeat,
  repeatFields,
  said,
  shown,
  unfinished,
} from "./repeats";
import { Section } from "./Section";
import { SettingField } from "./SettingField";
import css from "./settings.module.css";

const WAYS = Object.keys(texts.ways) as Over[];

/** Whether and how a component runs many times. */
export function RepeatSettings({ id, within, block }: { id: string; within: string; block: Block }) {
  const apply = useDocument((state) => state.apply);
  const choice = useId();
  const path = pathOf(within, id);
  const been = useTouched();
  /** chosen and not yet complete: no part of the document before it is */
  const [draft, setDraft] = useState<Repeat | null>(null);
  const kept = JSON.stringify(block.repeat ?? null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the document says now counts
  useEffect(() => setDraft(null), [kept]);
  if (!block.inside) return null;
  const { inputs, outputs, settings } = exposed(block.inside);
  const face: Face = { inputs: [...inputs.keys()], outputs: [...outputs.keys()], settings: [...settings.keys()] };
  const repeat = draft ?? block.repeat ?? null;
  const missing = draft ? unfinished(draft, face) : {};
  const isFault = (name: string): boolean =>
    missing[name] !== undefined &&
    (touched(been, path, `repeat.${name}`) || !isUnset((repeat as unknown as Record<string, Json>)[name]));
  const set = (next: Repeat | null, group = "") => {
    const whole = next === null || Object.keys(unfinished(next, face)).length === 0;
    setDraft(whole ? null : next);
    if (!whole || JSON.stringify(next) === kept) return;
    apply({ op: "repeat", within, node: id, repeat: next }, group ? `${id}:repeat:${group}` : undefined);
  };
  return (
    <Section title={texts.repeat} open>
      <div className={css.stacked}>
        <label className={css.label} htmlFor={choice}>
          {texts.how}
        </label>
        <Select
          id={choice}
          value={repeat?.over ?? ""}
          onChange={(event) => set(event.target.value ? freshRepeat(event.target.value as Over, face) : null)}
        >
          <option value="">{texts.once}</option>
          {WAYS.map((over) => (
            <option key={over} value={over}>
              {texts.ways[over]}
            </option>
          ))}
        </Select>
        <p className={css.doc}>{texts.doc}</p>
      </div>
      {repeat &&
        Object.entries(repeatFields(repeat.over, face)).map(([name, field]) => (
          <div key={`${repeat.over}.${name}`} className={css.below}>
            <SettingField
              named={{ name: `repeat.${name}`, required: true, field: { ...field, default: undefined } as never }}
              given={shown(name, (repeat as unknown as Record<string, Json>)[name])}
              problem={missing[name]}
              fault={isFault(name)}
              onLeave={() => leaveField(path, `repeat.${name}`)}
              fed={undefined}
              onSet={(value, group) => set({ ...repeat, [name]: plain(name, said(name, value)) } as Repeat, group)}
              onUnset={() => undefined}
            />
          </div>
        ))}
    </Section>
  );
}

/** Values of settings as what they mean; everything else as it is. */
function plain(name: string, value: Json): Json {
  if (name !== "values" || !value || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, list]) => [key, Array.isArray(list) ? list.map(meant) : list]),
  );
}
