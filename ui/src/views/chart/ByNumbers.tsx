import { useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { TextInput } from "../../components/Inputs";
import { chartTexts } from "../../texts/chart";
import css from "./chart.module.css";
import { type Area, boxArea } from "./select";

interface Props {
  brush: { x: string; y: string };
  times: boolean;
  onChoose: (area: Area) => void;
  onClose: () => void;
}

/** Choose a box in a chart without a mouse: by the numbers of its edges. */
export function ByNumbers({ brush, times, onChoose, onClose }: Props) {
  const [typed, setTyped] = useState({ x1: "", x2: "", y1: "", y2: "" });
  const [wrong, setWrong] = useState(false);
  const read = (text: string, time: boolean) =>
    text.trim() === "" ? Number.NaN : time ? new Date(text.trim().replace(" ", "T")).getTime() : Number(text);
  const choose = () => {
    const [x1, x2] = [read(typed.x1, times), read(typed.x2, times)];
    const [y1, y2] = [read(typed.y1, false), read(typed.y2, false)];
    if (!(x1 <= x2 && y1 <= y2)) return setWrong(true);
    onChoose(boxArea(brush, [x1, y1], [x2, y2], times));
  };
  const field = (name: keyof typeof typed, label: string) => (
    // biome-ignore lint/a11y/noLabelWithoutControl: the input is within
    <label>
      {label}
      <TextInput
        value={typed[name]}
        placeholder={times && name.startsWith("x") ? "2013-01-31" : undefined}
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
        {field("x1", chartTexts.from(brush.x))}
        {field("x2", chartTexts.to(brush.x))}
        {field("y1", chartTexts.from(brush.y))}
        {field("y2", chartTexts.to(brush.y))}
      </div>
      {wrong && <p className={css.wrong}>{chartTexts.notNumber}</p>}
    </Dialog>
  );
}
