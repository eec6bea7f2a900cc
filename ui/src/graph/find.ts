// Finding nodes by the words a person knows, as peephole/core/find.py does.

import type { NodeType } from "../api/generated";

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const fits = (wanted: readonly string[], some: readonly string[]): boolean =>
  wanted.every((start) => some.some((word) => word.startsWith(start)));

/** 0 where a name is just that, 1 and 2 where the words begin those of the title or another name, 3 of the summary. */
function rank(wanted: readonly string[], node: NodeType, family: string): number | null {
  const names = [node.title, node.type.replaceAll("_", " "), ...node.also].map(words);
  if (wanted.length === 0 || names.some((name) => name.join(" ") === wanted.join(" "))) return 0;
  if (fits(wanted, names[0] ?? []) || fits(wanted, names[1] ?? [])) return 1;
  if (names.slice(2).some((name) => fits(wanted, name))) return 2;
  return fits(wanted, [...names.flat(), ...words(node.summary), ...words(family)]) ? 3 : null;
}

/** The nodes in which each word of the text begins some word, those with the best fitting name first. */
export function found(text: string, nodes: Iterable<NodeType>, familyTitle: (name: string) => string): NodeType[] {
  const wanted = words(text);
  return [...nodes]
    .flatMap((node) => {
      const place = rank(wanted, node, familyTitle(node.family));
      return place === null ? [] : [{ node, place }];
    })
    .sort((a, b) => a.place - b.place || a.node.title.localeCompare(b.node.title))
    .map(({ node }) => node);
}
