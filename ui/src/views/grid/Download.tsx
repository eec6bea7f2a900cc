import { useRef, useState } from "react";
import { Menu } from "../../canvas/Menu";
import { IconButton } from "../../components/Button";
import { count } from "../../components/formats";
import { gridTexts } from "../../texts/grid";
import { download, MOST_IN_SHEET, useDownload } from "./downloads";
import css from "./grid.module.css";
import type { Query } from "./pages";

/** A button for the table as a file; while one is written, how far it is.  rows: of the table, null while not known. */
export function Download({ query, rows }: { query: Query; rows: number | null }) {
  const running = useDownload((state) => state.running);
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  if (running)
    return (
      <span className={css.busy} role="status">
        {gridTexts.saving(Math.floor(running.done * 100))}
        <IconButton icon="close" size="tiny" label={gridTexts.stopSaving} onClick={running.stop} />
      </span>
    );
  const inSheet = rows !== null && rows <= MOST_IN_SHEET;
  return (
    <>
      <IconButton
        ref={button}
        icon="download"
        label={gridTexts.download}
        aria-haspopup="menu"
        disabled={rows === null}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setAt({ x: box.left, y: box.bottom + 6 });
        }}
      />
      {at && (
        <Menu
          label={gridTexts.download}
          at={at}
          onClose={() => setAt(null)}
          groups={[
            [
              { label: "CSV", icon: "file-csv", run: () => void download(query, "csv") },
              { label: "Parquet", icon: "file-parquet", run: () => void download(query, "parquet") },
              {
                label: inSheet ? "Excel" : gridTexts.sheet(count(MOST_IN_SHEET)),
                icon: "file-excel",
                disabled: !inSheet,
                run: () => void download(query, "xlsx"),
              },
            ],
          ]}
        />
      )}
    </>
  );
}
