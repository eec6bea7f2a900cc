import { useMemo } from "react";
import { Combobox } from "../../components/Combobox";
import { gridTexts } from "../../texts/grid";
import css from "./grid.module.css";

/** A line to type in: a column that is called so comes into view. */
export function ToColumn({ names, onColumn }: { names: readonly string[]; onColumn: (index: number) => void }) {
  const options = useMemo(() => names.map((value) => ({ value })), [names]);
  return (
    <span className={css.toColumn}>
      <Combobox
        label={gridTexts.jumpColumn}
        placeholder={gridTexts.jumpColumn}
        value=""
        seeking
        options={options}
        none={gridTexts.noColumn}
        width={220}
        onChange={(name) => names.includes(name) && onColumn(names.indexOf(name))}
      />
    </span>
  );
}
