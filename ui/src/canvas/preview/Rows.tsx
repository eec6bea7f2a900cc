import { type Table, Type, tableFromIPC } from "apache-arrow";
import { request } from "../../api/http";
import { figure } from "../../components/formats";
import { useDocument } from "../../store/document";
import { canvasTexts as texts } from "../../texts/canvas";
import { cellOf } from "../../views/grid/cells";
import { portPath } from "../../views/grid/pages";
import type { PreviewProps } from "./NodePreview";
import { useOnce } from "./once";
import css from "./preview.module.css";

const MOST = 16; // rows
const COLUMN = 74; // pixels
const ROW = 21; // pixels

const KINDS: Record<number, string> = { [Type.Int]: "number", [Type.Float]: "number", [Type.Decimal]: "number" };

/** The first rows and columns of a table. */
export default function Rows({ path, port, width, height, fresh }: PreviewProps) {
  const document = useDocument((state) => state.id);
  const address = portPath({ document, node: path, port }, "rows");
  const { value: table, failed } = useOnce<Table>(fresh === null ? null : `${address} ${fresh}`, async () => {
    const answer = await request(`${address}?offset=0&limit=${MOST}`);
    return tableFromIPC(new Uint8Array(await answer.arrayBuffer()));
  });
  if (!table) return <p className={css.none}>{failed || fresh === null ? texts.noPreview : ""}</p>;
  const shown = table.schema.fields.slice(0, Math.max(1, Math.floor(width / COLUMN)));
  const rows = Math.min(table.numRows, Math.max(1, Math.floor(height / ROW) - 1));
  return (
    <table className={css.rows}>
      <thead>
        <tr>
          {shown.map(({ name, type }) => (
            <th key={name} data-kind={KINDS[type.typeId]}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
          <tr key={row}>
            {shown.map(({ name, type }, column) => {
              const value = table.getChildAt(column)?.get(row);
              const { text, kind } = cellOf(value, type);
              return (
                <td
                  key={name}
                  data-kind={KINDS[type.typeId] ?? kind}
                  data-faint={kind === "missing" || kind === "empty"}
                >
                  {typeof value === "number" && kind === "number" ? figure(value) : text}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
