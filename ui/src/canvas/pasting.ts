// Copying, pasting and duplicating what is chosen.

import { arranged } from "../graph/arrange";
import { asText, copied, fromText, pasted } from "../graph/clipboard";
import type { Document } from "../graph/document";
import { useDocument } from "../store/document";
import { useSelection } from "../store/selection";
import { canvasTexts as texts } from "../texts/canvas";
import { act, here, select } from "./act";
import { placeOf, settled } from "./places";
import { boxSize, NOTE } from "./sizes";
import { type Point, say } from "./state";

export function copy(): Promise<void> | undefined {
  const { ids } = useSelection.getState();
  const { level } = here();
  if (ids.length === 0) return;
  return navigator.clipboard.writeText(asText(copied(level, ids))).then(() => say(texts.copied(ids.length)));
}

/** Paste the text of a workflow, or of a part of one; anything else is left alone. */
export function pasteText(text: string, at: Point): boolean {
  const piece = fromText(text);
  if (!piece) return false;
  const { types } = here();
  const lacking = Object.keys(piece.nodes).filter((id) => !piece.layout[id]);
  const size = (id: string) => (piece.nodes[id] ? boxSize(piece.nodes[id], types) : NOTE);
  const placed =
    lacking.length > 0
      ? { ...piece, layout: { ...arranged(piece, Object.keys(piece.nodes), size), ...piece.layout } }
      : piece;
  insertPiece(placed, at);
  return true;
}

function insertPiece(piece: Document, at: Point): void {
  const { document, within } = useDocument.getState();
  const insert = pasted(document, piece, within, [at.x, at.y]);
  const ids = [
    ...Object.keys(insert.nodes ?? {}),
    ...Object.keys(insert.notes ?? {}),
    ...Object.keys(insert.frames ?? {}),
  ];
  if (ids.length > 0 && act([...settled(), insert])) {
    select(ids);
    say(texts.pasted(ids.length));
  }
}

/** The same again, a little further; wires that come in are drawn to the copies too. */
export function duplicate(): void {
  const { ids } = useSelection.getState();
  const { level, types } = here();
  if (ids.length === 0) return;
  const piece = copied(level, ids);
  const places = Object.fromEntries(ids.map((id) => [id, placeOf(level, types, id)]));
  const left = Math.min(...ids.map((id) => places[id]?.[0] ?? 0));
  const top = Math.min(...ids.map((id) => places[id]?.[1] ?? 0));
  insertPiece({ ...piece, layout: places }, { x: left + 32, y: top + 48 });
}
