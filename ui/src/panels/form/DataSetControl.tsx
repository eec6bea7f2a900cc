import { useState } from "react";
import type { DataSetEntry } from "../../api/generated";
import { DataSets } from "../../components/DataSets";
import { Dialog } from "../../components/Dialog";
import { useFetched } from "../../components/useFetched";
import { formTexts } from "../../texts/form";
import { Icon } from "../../theme/Icon";
import css from "./form.module.css";
import type { Of } from "./scope";

export function DataSetControl({ value, onChange, id, label, describedBy }: Of<"data-set">) {
  const [open, setOpen] = useState(false);
  const { data } = useFetched<DataSetEntry[]>("/api/data-sets");
  const name = typeof value === "string" ? value : "";
  const chosen = data?.find((one) => one.name === name);
  return (
    <>
      <button
        type="button"
        id={id}
        className={css.set}
        aria-label={`${label}: ${chosen?.title ?? (name || formTexts.chooseDataSet)}`}
        aria-describedby={describedBy}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <span>{chosen?.title ?? (name || formTexts.chooseDataSet)}</span>
        <Icon name="database" size={15} />
      </button>
      {open && (
        <Dialog title={formTexts.chooseDataSet} width={620} onClose={() => setOpen(false)}>
          <DataSets
            chosen={name}
            onChoose={(one) => {
              setOpen(false);
              onChange(one.name);
            }}
          />
        </Dialog>
      )}
    </>
  );
}
