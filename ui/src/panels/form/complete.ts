// What may be written at the cursor of a formula: columns that come in, and functions.

import functions from "../../../../peephole/tables/functions.json";
import { type Column, typeIcon } from "./columns";

export interface Completion {
  value: string;
  insert: string;
  icon: string;
  hint: string;
}

const PLAIN = /^[a-z_][a-z0-9_]*$/i;
const RESERVED = new Set(
  "select from where and or not in is null case when then else end as like between group order by having limit on join".split(
    " ",
  ),
);
const listed: Completion[] = Object.entries(functions).flatMap(([topic, names]) =>
  names.map((name) => ({ value: name, insert: `${name}()`, icon: "formula", hint: topic.toLowerCase() })),
);

/** A column's name as a formula writes it: in quotation marks where it is not a plain word. */
export const quoted = (name: string): string =>
  PLAIN.test(name) && !RESERVED.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`;

/** The word that ends at the cursor, and where it begins; null within a text in single quotation marks. */
export function wordAt(text: string, cursor: number): { word: string; start: number } | null {
  const before = text.slice(0, cursor);
  if ((before.match(/'/g)?.length ?? 0) % 2 === 1) return null;
  const open = before.lastIndexOf('"');
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1) return { word: before.slice(open + 1), start: open };
  const word = /[\p{L}_][\p{L}\p{N}_]*$/u.exec(before)?.[0] ?? "";
  return { word, start: cursor - word.length };
}

/** What fits the word, the best first: names that begin with it before names that hold it, columns before functions. */
export function completions(word: string, columns: readonly Column[], inQuotes: boolean): Completion[] {
  const wanted = word.toLowerCase();
  const own = columns.map(({ name, type }) => ({
    value: name,
    insert: quoted(name),
    icon: typeIcon(type),
    hint: type,
  }));
  const all: Completion[] = inQuotes || wanted === "" ? own : [...own, ...listed];
  const begins = (one: Completion) => one.value.toLowerCase().startsWith(wanted);
  const found = all.filter((one) => one.value.toLowerCase().includes(wanted));
  return [...found.filter(begins), ...found.filter((one) => !begins(one))].slice(0, 60);
}

/** The text with a completion in the place of the word, and where the cursor goes. */
export function inserted(text: string, cursor: number, start: number, completion: Completion): [string, number] {
  const after = text.slice(cursor);
  const call = completion.insert.endsWith("()");
  const put = call && after.startsWith("(") ? completion.insert.slice(0, -2) : completion.insert;
  const rest = put.endsWith('"') && after.startsWith('"') ? after.slice(1) : after;
  const end = start + put.length - (call && put.endsWith("()") ? 1 : 0);
  return [text.slice(0, start) + put + rest, end];
}
