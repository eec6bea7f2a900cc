// Columns that come in at a table port, and which of them a picker takes (as peephole/core/schema.py).

export interface Column {
  name: string;
  type: string;
}

const ACCEPTS: Record<string, readonly string[]> = {
  number: ["number", "integer"],
  date: ["date", "datetime"],
  category: ["text", "boolean", "integer"],
};

/** Whether a column of type `got` fits where one of `wanted` is asked for; nothing asked: everything fits. */
export function accepts(wanted: readonly string[], got: string): boolean {
  return wanted.length === 0 || got === "unknown" || wanted.some((one) => one === got || ACCEPTS[one]?.includes(got));
}

/** The types of columns that are taken where `wanted` are asked for, one by one. */
export const taken = (wanted: readonly string[]): string[] => [
  ...new Set(wanted.flatMap((one) => ACCEPTS[one] ?? [one])),
];

const ICONS: Record<string, string> = {
  integer: "hash",
  number: "decimal",
  text: "text",
  boolean: "toggle",
  date: "calendar",
  datetime: "calendar",
  time: "clock",
  duration: "stopwatch",
  binary: "binary",
  list: "list",
  struct: "braces",
};

/** The icon of a column type. */
export const typeIcon = (type: string): string => ICONS[type] ?? "help";
