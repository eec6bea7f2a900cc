// Pasting whatever the clipboard holds: a part of a workflow, cells of a spreadsheet, or what neither is.

import type { Json } from "../api/generated";
import { count } from "../components/formats";
import { cellsOf } from "../graph/sheet/clip";
import { MOST_CELLS, tableOf } from "../graph/sheet/sheet";
import { sheetNode } from "../panels/settings/sheets";
import { notify } from "../store/notices";
import { canvasTexts as texts } from "../texts/canvas";
import { sheetTexts } from "../texts/sheet";
import { here } from "./act";
import { addNode } from "./actions";
import { pasteText } from "./pasting";
import type { Point } from "./state";

/** Whether something was pasted; where not, the person is told. */
export function pasteAny(text: string, at: Point): boolean {
  if (pasteText(text, at)) return true;
  const cells = cellsOf(text);
  if (cells.some((row) => row.length > 1)) return pasteCells(cells, at);
  if (text.trim()) notify({ tone: "info", text: texts.notPasted });
  return false;
}

/** A node that holds the cells. */
function pasteCells(cells: string[][], at: Point): boolean {
  const amount = cells.reduce((sum, row) => sum + row.length, 0);
  if (amount > MOST_CELLS) {
    notify({ tone: "bad", text: sheetTexts.tooMany(count(amount)), remedy: sheetTexts.tooManyRemedy });
    return false;
  }
  const found = sheetNode(here().types.values());
  if (!found) return false;
  const { columns, rows } = tableOf(cells);
  const settings = { [found.sheet.columns]: columns, [found.sheet.rows]: rows } as unknown as Record<string, Json>;
  return addNode({ type: found.type.type, at, settings }) !== null;
}
