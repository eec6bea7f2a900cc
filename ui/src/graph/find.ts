// Finding nodes by the words a person knows, as peephole/core/find.py does.

import type { NodeType } from "../api/generated";

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const fits = (wanted: readonly string[], some: readonly string[]): boolean =>
  wanted.every((start) => some.some((word) => word.startsWith(start)));

/** 0 and 1 where the title or another name is just that, 2 and 3 where the words begin those of one, 4 of the summary. */
function rank(wanted: readonly string[], node: NodeType, family: string): number | null {
  const names = [node.title, node.type.replaceAll("_", " "), ...node.also].map(words);
  const same = names.findIndex((name) => name.join(" ") === wanted.join(" "));
  if (wanted.length === 0 || same === 0) return 0;
  if (same > 0) return 1;
  if (fits(wanted, names[0] ?? []) || fits(wanted, names[1] ?? [])) return 2;
  if (names.slice(2).some((name) => fits(wanted, name))) return 3;
  return fits(wanted, [...names.flat(), ...words(node.summary), ...words(family)]) ? 4 : null;
}

/** Whether a loop is looked for: there is no node for it, since a component is repeated. */
export const asksForLoop = (text: string): boolean => words(text).some((word) => /^(loops?|iterat\w*)$/.test(word));

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
