// What depends on what.

import { type Document, wireOf } from "./document";

type Links = Map<string, string[]>;

function links(document: Document, forward: boolean): Links {
  const found: Links = new Map();
  for (const text of document.wires) {
    const { source, target } = wireOf(text);
    if (!Object.hasOwn(document.nodes, source) || !Object.hasOwn(document.nodes, target)) continue;
    const [from, to] = forward ? [source, target] : [target, source];
    const list = found.get(from);
    if (list) list.push(to);
    else found.set(from, [to]);
  }
  return found;
}

function reach(next: Links, start: Iterable<string>): Set<string> {
  const found = new Set(start);
  const open = [...found];
  for (let one = open.pop(); one !== undefined; one = open.pop())
    for (const other of next.get(one) ?? [])
      if (!found.has(other)) {
        found.add(other);
        open.push(other);
      }
  return found;
}

/** All that the given nodes depend on, themselves included. */
export const ancestors = (document: Document, ids: Iterable<string>): Set<string> => reach(links(document, false), ids);

/** All that depends on the given nodes, themselves included. */
export const descendants = (document: Document, ids: Iterable<string>): Set<string> =>
  reach(links(document, true), ids);
