import { useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { TextInput } from "../../components/Inputs";
import { chartTexts } from "../../texts/chart";
import css from "./chart.module.css";
import { type Area, rangeOf } from "./select";

interface Props {
  /** columns of numbers that may be limited */
  columns: readonly string[];
  /** the one that holds times, if one does */
  times: string | null;
  onChoose: (area: Area) => void;
  onClose: () => void;
}

/** Choose in a chart without a mouse: by the numbers where what is chosen begins and ends. */
export function ByNumbers({ columns, times, onChoose, onClose }: Props) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [wrong, setWrong] = useState(false);
  const choose = () => {
    const area = typedArea(columns, times, typed);
    if (area) onChoose(area);
    else setWrong(true);
  };
  const field = (name: string, label: string, time: boolean) => (
    // biome-ignore lint/a11y/noLabelWithoutControl: the input is within
    <label key={name}>
      {label}
      <TextInput
        value={typed[name] ?? ""}
        placeholder={time ? "2013-01-31" : undefined}
        onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
        onKeyDown={(event) => event.key === "Enter" && choose()}
      />
    </label>
  );
  return (
    <Dialog
      title={chartTexts.byNumbers}
      width={420}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{chartTexts.cancel}</Button>
          <Button kind="primary" onClick={choose}>
            {chartTexts.choose}
          </Button>
        </>
      }
    >
      <div className={css.numbers}>
        {columns.map((name) => [
          field(`${name} from`, chartTexts.from(name), name === times),
          field(`${name} to`, chartTexts.to(name), name === times),
        ])}
      </div>
      {wrong && <p className={css.wrong}>{chartTexts.notNumber}</p>}
    </Dialog>
  );
}

/** The area between the numbers that were typed; null where one is missing or is no number. */
export function typedArea(
  columns: readonly string[],
  times: string | null,
  typed: Readonly<Record<string, string>>,
): Area | null {
  const ranges: NonNullable<Area["ranges"]> = {};
  for (const name of columns) {
    const [from, to] = [typed[`${name} from`]?.trim() ?? "", typed[`${name} to`]?.trim() ?? ""];
    if (!from && !to) continue;
    const read = (text: string) =>
      text === "" ? Number.NaN : name === times ? new Date(text.replace(" ", "T")).getTime() : Number(text);
    const [low, high] = [read(from), read(to)];
    if (!(low <= high)) return null;
    ranges[name] = rangeOf(low, high, name === times);
  }
  return Object.keys(ranges).length > 0 ? { ranges } : null;
}
