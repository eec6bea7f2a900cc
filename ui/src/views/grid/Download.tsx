import { useState } from "react";
import { IconButton } from "../../components/Button";
import { count } from "../../components/formats";
import { Menu } from "../../components/Menu";
import { gridTexts } from "../../texts/grid";
import { download, MOST_IN_SHEET, useDownload } from "./downloads";
import css from "./grid.module.css";
import type { Query } from "./pages";

/** A button for the table as a file; while one is written, how far it is.  rows: of the table, null while not known. */
export function Download({ query, rows }: { query: Query; rows: number | null }) {
  const running = useDownload((state) => state.running);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const percent = Math.floor((running?.done ?? 0) * 100);
  const inSheet = rows !== null && rows <= MOST_IN_SHEET;
  return (
    <span className={running ? css.busy : ""}>
      {running && (
        <span role="progressbar" aria-label={gridTexts.savingRows} aria-valuenow={percent}>
          {gridTexts.saving(percent)}
        </span>
      )}
      <IconButton // one and the same button, so that it keeps the focus
        icon={running ? "close" : "download"}
        size={running ? "tiny" : "small"}
        label={running ? gridTexts.stopSaving : gridTexts.download}
        aria-haspopup={running ? undefined : "menu"}
        disabled={rows === null && !running}
        onClick={(event) => {
          if (running) return running.stop();
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
              { label: gridTexts.guarded, icon: "file-csv", run: () => void download(query, "csv", true) },
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
    </span>
  );
}
