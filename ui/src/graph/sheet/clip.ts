// Cells as text, as spreadsheets put them on the clipboard and take them from it.

const escaped = { "\t": "\\t", ";": ";", ",": "," };
type Separator = keyof typeof escaped;

/** The cells of a text, row by row. What stands between quotation marks may hold separators and line breaks. */
export function cellsOf(text: string): string[][] {
  const whole = text.replace(/(\r\n|\r|\n)$/, "");
  const separator = separatorOf(whole);
  return separator ? parsed(whole, separator) : parsed(whole, "\t");
}

function parsed(text: string, separator: Separator): string[][] {
  const mark = escaped[separator];
  const field = new RegExp(`"((?:[^"]|"")*)"(?=[${mark}\\r\\n]|$)|([^${mark}\\r\\n]*)`, "y");
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; ; ) {
    field.lastIndex = at;
    const [all = "", quoted, plain = ""] = field.exec(text) ?? [];
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"').replaceAll("\r\n", "\n"));
    at += all.length;
    if (text[at] === separator) {
      at += 1;
      continue;
    }
    rows.push(row);
    row = [];
    if (at >= text.length) return rows;
    at += text.startsWith("\r\n", at) ? 2 : 1;
  }
}

/** What parts the cells of a line; null where a line is one cell. */
function separatorOf(text: string): Separator | null {
  if (text.includes("\t")) return "\t";
  return ([";", ","] as const).find((one) => parts(text, one)) ?? null;
}

/** Commas are a part of the text where a space follows, or where they make decimal numbers of all lines. */
function parts(text: string, separator: Separator): boolean {
  const rows = parsed(text, separator);
  const columns = rows[0]?.length ?? 0;
  if (columns < 2 || rows.some((row) => row.length !== columns)) return false;
  if (separator !== ",") return rows.length > 1;
  const decimals = text.split(/[\r\n]+/).every((line) => /^\s*[-+]?\d+,\d+\s*$/.test(line));
  return !decimals && !rows.some((row) => row.slice(1).some((one) => one.startsWith(" ")));
}

/** Cells as text with tabs between them. */
export const textOf = (cells: readonly (readonly string[])[]): string =>
  cells
    .map((row) => row.map((one) => (/[\t\r\n]|^"/.test(one) ? `"${one.replaceAll('"', '""')}"` : one)).join("\t"))
    .join("\n");
