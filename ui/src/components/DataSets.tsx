import { useMemo, useState } from "react";
import type { DataSetEntry } from "../api/generated";
import { dataTexts } from "../texts/data";
import { Icon } from "../theme/Icon";
import css from "./DataSets.module.css";
import { Empty, Skeleton } from "./Empty";
import { count } from "./formats";
import { SearchInput } from "./Inputs";
import { useFetched } from "./useFetched";

interface Props {
  chosen?: string;
  onChoose: (one: DataSetEntry) => void;
}

/** Where it comes from, an address by its host alone. */
function place(source: string): string {
  return /^https?:/.test(source) ? new URL(source).host : source;
}

/** The named data sets, to search and to choose from. */
export function DataSets({ chosen, onChoose }: Props) {
  const { data, problem } = useFetched<DataSetEntry[]>("/api/data-sets");
  const [typed, setTyped] = useState("");
  const shown = useMemo(() => {
    const wanted = typed.trim().toLowerCase();
    return data?.filter((one) => `${one.name} ${one.title} ${one.description}`.toLowerCase().includes(wanted));
  }, [data, typed]);
  if (problem)
    return (
      <Empty icon="warning" title={problem.what}>
        {problem.remedy}
      </Empty>
    );
  return (
    <>
      <SearchInput
        aria-label={dataTexts.search}
        placeholder={dataTexts.search}
        value={typed}
        data-first
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className={css.list}>
        {!shown && <Skeleton label={dataTexts.loading} lines={8} />}
        {shown?.length === 0 && <Empty icon="search" title={dataTexts.none} />}
        {shown?.map((one) => (
          <button
            key={one.name}
            type="button"
            className={css.set}
            aria-pressed={one.name === chosen}
            onClick={() => onChoose(one)}
          >
            <Icon name="database" />
            <span className={css.title}>{one.title}</span>
            <span className={css.rows}>{one.rows === null ? "" : dataTexts.rows(count(one.rows))}</span>
            {one.description && <span className={css.about}>{one.description}</span>}
            <span className={css.licence}>
              {[one.licence, place(one.source), one.cached ? dataTexts.here : dataTexts.fetched].join(" · ")}
            </span>
          </button>
        ))}
      </div>
    </>
  );
}
