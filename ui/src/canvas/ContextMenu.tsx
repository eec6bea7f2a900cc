import { keyLabel } from "../app/keyLabel";
import { Menu, type MenuItem } from "../components/Menu";
import { wireOf } from "../graph/document";
import { given } from "../graph/faces";
import { useSelection } from "../store/selection";
import { canvasTexts } from "../texts/canvas";
import { alignTexts, menuTexts as texts } from "../texts/menu";
import * as actions from "./actions";
import { pasteAny } from "./pastingCells";
import { cornerAt, NOTE } from "./sizes";
import { type Point, show, useCanvas } from "./state";
import { type FreeSpot, useFreeSpot } from "./viewing";

/** What can be done here: to what is chosen, to a wire, or on the empty canvas. */
export function ContextMenu() {
  const menu = useCanvas((state) => state.menu);
  const free = useFreeSpot();
  if (!menu) return null;
  const groups =
    menu.of.kind === "wire"
      ? wireItems(menu.of.wire, menu.at, menu.flow)
      : menu.of.kind === "nodes"
        ? nodeItems()
        : canvasItems(menu.at, menu.flow, free);
  return <Menu label={canvasTexts.menu} at={menu.at} groups={groups} onClose={() => show({ menu: null })} />;
}

const item = (label: string, icon: string, run: () => unknown, keys = ""): MenuItem => ({
  label,
  icon,
  ...(keys ? { keys: keyLabel(keys) } : {}),
  run: () => void run(),
});

const ALIGNMENTS = ["left", "centre", "right", "top", "middle", "bottom", "across", "down"] as const;

function nodeItems(): (MenuItem | false)[][] {
  const { level } = actions.here();
  const { ids } = useSelection.getState();
  const nodes = ids.filter((id) => level.nodes[id]);
  const [one] = nodes;
  const single = ids.length === 1 ? one : undefined;
  const block = single ? level.nodes[single] : undefined;
  const text = ids.length === 1 && !single ? ids[0] : undefined;
  return [
    [
      nodes.length > 0 && item(texts.runTo, "run-to", () => actions.runChosen(), "R"),
      nodes.length > 0 && item(texts.runAgain, "refresh", () => actions.runChosen(true)),
      nodes.length > 0 &&
        item(nodes.every((id) => level.nodes[id]?.pinned) ? texts.unpin : texts.pin, "pin", actions.togglePin, "P"),
    ],
    [
      nodes.some((id) => actions.previewed(id) !== null) &&
        item(
          nodes.every((id) => level.layout[id]?.length === 4) ? texts.hidePreview : texts.preview,
          "table",
          () => actions.togglePreview(),
          "V",
        ),
    ],
    [
      single !== undefined && item(texts.connect, "link", () => show({ connect: { node: single } }), "C"),
      ...(single ? disconnects(single) : []),
    ],
    [
      single !== undefined &&
        actions.canUnfold(single) &&
        item(texts.unfold, "unfold", () => actions.unfold(single), "O"),
      block?.inside && single !== undefined && item(texts.open, "component", () => actions.enter(single), "Mod ↓"),
      nodes.length > 0 && item(texts.collapse, "collapse", actions.collapse, "Mod G"),
      nodes.some((id) => level.nodes[id]?.inside) &&
        item(texts.expand, "maximize", actions.expandChosen, "Mod Shift G"),
      ids.length > 0 && item(texts.frame, "frame", () => actions.addFrame({ x: 0, y: 0 }), "F"),
    ].map((entry) => entry || false),
    ids.length > 1
      ? ALIGNMENTS.filter((how) => ids.length > 2 || (how !== "across" && how !== "down")).map((how) =>
          item(alignTexts[how], "align-left", () => actions.align(how)),
        )
      : [],
    [
      single !== undefined && item(texts.rename, "edit", () => show({ renaming: single }), "F2"),
      text !== undefined && item(texts.edit, "edit", () => show({ renaming: text }), "F2"),
      item(texts.duplicate, "duplicate", actions.duplicate, "Mod D"),
      item(texts.copy, "copy", actions.copy, "Mod C"),
      item(texts.cut, "copy", actions.cut, "Mod X"),
      { ...item(texts.remove, "trash", actions.removeChosen, "Delete"), danger: true },
    ],
  ];
}

function disconnects(id: string): MenuItem[] {
  return actions.wiresAt(id).map((wire) => {
    const { source, output, target, input } = wireOf(wire);
    const label = source === id ? `${output} → ${actions.nameOf(target)}` : `${input} ← ${actions.nameOf(source)}`;
    return item(canvasTexts.disconnectFrom(label), "close", () => actions.disconnect([wire]));
  });
}

function wireItems(wire: string, at: Point, flow: Point): MenuItem[][] {
  const { level, types } = actions.here();
  const type = given(level, wireOf(wire), types);
  return [
    [item(texts.insert(type ?? ""), "plus", () => show({ search: { at, flow: cornerAt(flow), into: wire } }))],
    [{ ...item(texts.removeWire, "trash", () => actions.disconnect([wire])), danger: true }],
  ];
}

function canvasItems(at: Point, flow: Point, free: FreeSpot): (MenuItem | false)[][] {
  const { level, within } = actions.here();
  return [
    [item(texts.add, "plus", () => show({ search: { at, flow: cornerAt(flow) } }), "/")],
    [
      item(texts.note, "note", () => actions.addNote(free(flow, NOTE)), "N"),
      item(texts.frame, "frame", () => actions.addFrame(flow), "F"),
    ],
    [
      item(texts.paste, "paste", async () => pasteAny(await navigator.clipboard.readText(), flow), "Mod V"),
      Object.keys(level.nodes).length > 1 && item(texts.tidy, "align-left", actions.tidy, "L"),
      within !== "" && item(texts.leave, "arrow-up", actions.leave, "Mod ↑"),
    ],
  ];
}
