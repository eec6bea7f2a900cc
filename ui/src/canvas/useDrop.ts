import { useReactFlow } from "@xyflow/react";
import { type DragEvent, useCallback, useEffect } from "react";
import type { Uploaded } from "../api/generated";
import { Refusal, request } from "../api/http";
import { useCatalog } from "../store/catalog";
import { useDocument } from "../store/document";
import { notify, notifyProblem } from "../store/notices";
import { canvasTexts as texts } from "../texts/canvas";
import { addNode, here, pasteText } from "./actions";
import { fitsIntoWire } from "./fitting";
import { pasteAny } from "./pastingCells";
import { readerFor } from "./readers";
import { BOX_WIDTH, cornerAt } from "./sizes";
import { useCanvas } from "./state";
import { wireAt } from "./useDragging";
import { useFit, useFreeSpot } from "./viewing";

/** What is dragged from the palette. */
export const NODE_DRAG = "application/x-peephole-node";

/** Dropping on the canvas: a node from the palette (onto a wire, too), or files. Files may be let go beside it as well. */
export function useDrop() {
  const { screenToFlowPosition } = useReactFlow();
  const fit = useFit();
  useFilesBeside();

  const onDragOver = useCallback((event: DragEvent) => {
    const kinds = event.dataTransfer.types;
    if (!kinds.includes(NODE_DRAG) && !kinds.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  }, []);

  const onDrop = useCallback(
    (event: DragEvent) => {
      const type = event.dataTransfer.getData(NODE_DRAG);
      const files = [...event.dataTransfer.files];
      if (!type && files.length === 0) return;
      event.preventDefault();
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      if (!type) return void takeFiles(files, at);
      const into = wireAt(event.clientX, event.clientY, (wire) => fitsIntoWire(type, wire)) ?? undefined;
      addNode({ type, at: cornerAt(at), into });
    },
    [screenToFlowPosition],
  );

  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const target = event.target as HTMLElement | null;
      if (target?.closest("input, textarea, [contenteditable=true], dialog")) return;
      const canvas = document.querySelector("[data-canvas]")?.getBoundingClientRect();
      if (!canvas || useCanvas.getState().search) return;
      const middle = { x: canvas.left + canvas.width / 3, y: canvas.top + canvas.height / 3 };
      const { nodes, notes, frames } = here().level;
      const empty = [nodes, notes, frames].every((part) => Object.keys(part).length === 0);
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const files = [...(event.clipboardData?.files ?? [])];
      // a file manager adds the names of files, a spreadsheet a picture of its cells
      if (files.length > 0 && !text.includes("\t")) void takeFiles(files, screenToFlowPosition(middle));
      else if (pasteAny(text, screenToFlowPosition(middle))) {
        event.preventDefault();
        if (empty) setTimeout(fit); // once it is drawn; among other boxes the view stays where it is
      }
    };
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, [screenToFlowPosition, fit]);
  return { onDragOver, onDrop };
}

const FILE_BOX = { width: BOX_WIDTH, height: 120 }; // what a file takes up on the canvas, with room below

/** Files let go anywhere else in the window: their readers come to free places in view. Under a dialog nothing is taken. */
function useFilesBeside(): void {
  const free = useFreeSpot();
  useEffect(() => {
    const over = (event: globalThis.DragEvent): void => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // else the browser leaves the page for the file
      event.dataTransfer.dropEffect = document.querySelector("dialog[open]") ? "none" : "copy";
    };
    const drop = (event: globalThis.DragEvent): void => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (event.defaultPrevented || files.length === 0) return;
      event.preventDefault();
      if (document.querySelector("dialog[open]")) return;
      void takeFiles(files, free(null, FILE_BOX));
    };
    window.addEventListener("dragover", over);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", drop);
    };
  }, [free]);
}

/** Upload files and put the right reader for each on the canvas. */
async function takeFiles(files: readonly File[], at: { x: number; y: number }): Promise<void> {
  const { id } = useDocument.getState();
  let y = at.y;
  for (const file of files) {
    if (file.name.endsWith(".peep.json") && pasteText(await file.text(), { x: at.x, y })) continue;
    const reader = readerFor(file.name, useCatalog.getState().nodes);
    if (!reader) {
      notify({ tone: "bad", text: texts.noReader(file.name), remedy: texts.noReaderRemedy });
      continue;
    }
    notify({ tone: "info", text: texts.uploading(file.name) });
    const body = new FormData();
    body.append("file", file, file.name);
    try {
      const answer = await request(`/api/documents/${encodeURIComponent(id)}/upload`, { method: "POST", body });
      const { path } = (await answer.json()) as Uploaded;
      addNode({
        type: reader.type,
        at: { x: at.x, y },
        settings: { [reader.setting]: path },
        title: file.name.slice(0, 80),
      });
      y += 120;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      notifyProblem(error.problem);
    }
  }
}
