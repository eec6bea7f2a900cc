// Collapsing nodes to a component, and expanding it again, as in peephole/workflow/component.py.

import type { CollapseOp, ExpandOp, InsertOp, RemoveOp } from "../api/generated";
import {
  type Block,
  blockOf,
  COMPONENT,
  type Document,
  documentOf,
  fedSetting,
  freshId,
  has,
  type Json,
  type Place,
  SETTINGS,
  taken,
  type Wire,
  wireOf,
  wireText,
} from "./document";
import { EditError, listing } from "./errors";
import { ancestors, descendants } from "./order";

const only = <T>(part: Record<string, T>, chosen: ReadonlySet<string>): Record<string, T> =>
  Object.fromEntries(Object.entries(part).filter(([id]) => chosen.has(id)));

export function collapse(document: Document, op: CollapseOp): [RemoveOp, InsertOp] {
  const chosen = new Set(op.ids);
  const nodes = only(document.nodes, chosen);
  const missing = op.ids.filter((id) => !has(document, id));
  if (missing.length > 0) throw new EditError(`There is no ${listing(missing)} to collapse.`);
  if (Object.keys(nodes).length === 0) throw new EditError("There is no node to collapse.");
  refuseLoop(document, Object.keys(nodes));
  const parts = partedWires(document, nodes, op.id);
  const inside = documentOf({
    nodes,
    wires: parts.inside,
    notes: only(document.notes, chosen),
    frames: only(document.frames, chosen),
    layout: only(document.layout, chosen),
  });
  const middle = middleOf(inside, Object.keys(nodes));
  const first = Object.keys(document.nodes).findIndex((id) => Object.hasOwn(nodes, id));
  const { within } = op;
  return [
    { op: "remove", within, ids: [...Object.keys(nodes), ...Object.keys(inside.notes), ...Object.keys(inside.frames)] },
    {
      op: "insert",
      within,
      nodes: { [op.id]: blockOf({ type: COMPONENT, title: op.title ?? "", inside }) },
      node_at: [first],
      wires: [...parts.outside.values()],
      wire_at: [...parts.outside.keys()],
      layout: middle ? { [op.id]: middle } : {},
    },
  ];
}

function refuseLoop(document: Document, nodes: string[]): void {
  const before = ancestors(document, nodes);
  const between = [...descendants(document, nodes)].filter((id) => before.has(id) && !nodes.includes(id));
  if (between.length > 0) {
    const found = Object.keys(document.nodes).filter((id) => between.includes(id));
    throw new EditError(`The component would depend on itself, through ${listing(found)}.`);
  }
}

/** The wires inside, and the new wires outside by the place where they stand. */
function partedWires(document: Document, nodes: object, component: string) {
  const inside: string[] = [];
  const outside = new Map<number, string>();
  const ports = new Map<string, { name: string; setting: boolean }>();
  const results = new Map<string, string>();
  let spot = 0;
  for (const text of document.wires) {
    const wire = wireOf(text);
    const into = Object.hasOwn(nodes, wire.target);
    const out = Object.hasOwn(nodes, wire.source);
    if (into && out) inside.push(text);
    else if (into) {
      const setting = fedSetting(wire);
      const key = `${wire.source}.${wire.output} ${setting !== null}`;
      let port = ports.get(key);
      if (!port) {
        const used = [...ports.values()].filter((p) => p.setting === (setting !== null)).map((p) => p.name);
        port = { name: unique(setting || wire.input, used), setting: setting !== null };
        ports.set(key, port);
        outside.set(spot, wireText(wire.source, wire.output, component, portName(port)));
        spot += 1;
      }
      inside.push(wireText("", portName(port), wire.target, wire.input));
    } else if (out) {
      const key = `${wire.source}.${wire.output}`;
      let name = results.get(key);
      if (name === undefined) {
        name = unique(wire.output, [...results.values()]);
        results.set(key, name);
        inside.push(wireText(wire.source, wire.output, "", name));
      }
      outside.set(spot, wireText(component, name, wire.target, wire.input));
      spot += 1;
    } else spot += 1;
  }
  return { inside, outside };
}

const portName = (port: { name: string; setting: boolean }): string => (port.setting ? SETTINGS : "") + port.name;

export function expand(document: Document, op: ExpandOp): [RemoveOp, InsertOp] {
  const block = Object.hasOwn(document.nodes, op.id) ? document.nodes[op.id] : undefined;
  if (!block?.inside) throw new EditError(`"${op.id}" is no component.`);
  if (block.repeat) throw new EditError(`"${op.id}" is repeated.`);
  const inner = block.inside;
  const names = freeIds(document, inner, op.id);
  const name = (id: string): string => names.get(id) ?? id;
  const spread = spreadWires(document, inner, op.id, names);
  const preset = overrides(inner, block.settings);
  const first = Object.keys(document.nodes).indexOf(op.id);
  const renamed = <T>(part: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(part).map(([id, one]) => [name(id), one]));
  const nodes = Object.entries(inner.nodes).map(([id, one]) => [name(id), presetBlock(one, preset.get(id))]);
  return [
    { op: "remove", within: op.within, ids: [op.id] },
    {
      op: "insert",
      within: op.within,
      nodes: Object.fromEntries(nodes) as Record<string, Block>,
      node_at: Object.keys(inner.nodes).map((_, i) => first + i),
      wires: [...spread.values()],
      wire_at: [...spread.keys()],
      notes: renamed(inner.notes),
      frames: renamed(inner.frames),
      layout: movedLayout(inner, names, document.layout[op.id]),
    },
  ];
}

type End = readonly [string, string];

/** The wires that take the place of a component's, by the place where they stand. */
function spreadWires(document: Document, inner: Document, component: string, names: Map<string, string>) {
  const outer = document.wires.map(wireOf);
  const inners = inner.wires.map(wireOf);
  const sources = (wire: Wire): End[] => {
    if (wire.source === "") {
      const feeding = outer.filter((w) => w.target === component && w.source !== component && w.input === wire.output);
      return feeding.map((w) => [w.source, w.output]);
    }
    const source = names.get(wire.source);
    return source === undefined ? [] : [[source, wire.output]];
  };
  const spread = new Map<number, string>();
  let spot = 0;
  for (const wire of outer) {
    if (wire.source === component && wire.target !== component) {
      const ends = inners.filter((w) => w.target === "" && w.input === wire.output).flatMap(sources);
      const texts = new Set(ends.map(([source, output]) => wireText(source, output, wire.target, wire.input)));
      for (const text of texts) {
        spread.set(spot, text);
        spot += 1;
      }
    } else if (wire.target !== component) spot += 1;
  }
  for (const wire of inners) {
    const target = names.get(wire.target);
    if (target === undefined) continue;
    for (const [source, output] of sources(wire)) {
      spread.set(spot, wireText(source, output, target, wire.input));
      spot += 1;
    }
  }
  return spread;
}

/** What the settings given to a component set inside it, by node. */
function overrides(inside: Document, given: Record<string, Json>): Map<string, Record<string, Json>> {
  const found = new Map<string, Record<string, Json>>();
  for (const wire of inside.wires.map(wireOf)) {
    const setting = fedSetting(wire);
    if (wire.source !== "" || setting === null || !wire.output.startsWith(SETTINGS)) continue;
    const value = given[wire.output.slice(SETTINGS.length)];
    if (value !== undefined) found.set(wire.target, { ...found.get(wire.target), [setting]: value });
  }
  return found;
}

const presetBlock = (block: Block, settings: Record<string, Json> | undefined): Block =>
  settings && block.$kept === null ? { ...block, settings: { ...block.settings, ...settings } } : block;

/** To the nearest whole number, a half to the even one, as Python rounds. */
function rounded(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value) + 0;
  return floor % 2 === 0 ? floor : floor + 1;
}

function middleOf(inside: Document, ids: string[]): Place | null {
  const found = ids.flatMap((id) => (inside.layout[id] ? [inside.layout[id]] : []));
  if (found.length === 0) return null;
  const mean = (axis: 0 | 1): number => rounded(found.reduce((sum, place) => sum + place[axis], 0) / found.length);
  return [mean(0), mean(1)];
}

/** Places as they were to each other, around where the component stood. */
function movedLayout(inner: Document, names: Map<string, string>, place: Place | undefined): Record<string, Place> {
  const middle = middleOf(inner, Object.keys(inner.nodes));
  const [x, y] = place && middle ? [place[0] - middle[0], place[1] - middle[1]] : [0, 0];
  const moved: Record<string, Place> = {};
  for (const [id, name] of names) {
    const at = inner.layout[id];
    if (at) moved[name] = shifted(at, x, y);
  }
  return moved;
}

export const shifted = (at: Place, x: number, y: number): Place =>
  at.length === 2 ? [at[0] + x, at[1] + y] : [at[0] + x, at[1] + y, at[2], at[3]];

/** The id outside for each id inside; the component's own becomes free. */
function freeIds(document: Document, inner: Document, component: string): Map<string, string> {
  const names = new Map<string, string>();
  const used = new Set<string>();
  for (const own of [...Object.keys(inner.nodes), ...Object.keys(inner.notes), ...Object.keys(inner.frames)]) {
    const busy = (name: string): boolean =>
      (name !== component && taken(document, name)) || used.has(name) || (name !== own && has(inner, name));
    const free = busy(own) ? freshId(own, busy) : own;
    names.set(own, free);
    used.add(free);
  }
  return names;
}

function unique(name: string, used: string[]): string {
  let free = name;
  for (let number = 2; used.includes(free); number += 1) free = `${name}_${number}`;
  return free;
}
