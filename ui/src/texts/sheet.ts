const whole = new Intl.NumberFormat("en");
const many = (count: number, noun: string): string => `${whole.format(count)} ${noun}${count === 1 ? "" : "s"}`;

const examples: Record<string, string> = {
  integer: "a whole number such as 42",
  number: "a number such as 4.2",
  boolean: "true or false",
  date: "a date such as 2013-01-31",
  datetime: "a date and time such as 2013-01-31 10:30",
  time: "a time such as 10:30",
};

const types: Record<string, string> = {
  integer: "whole number",
  boolean: "true / false",
  datetime: "date and time",
};

export const sheetTexts = {
  title: "Table",
  doc: "Type into the cells, or paste from a spreadsheet. The last row is always empty: typing there adds one.",
  grid: (node: string) => `Cells of ${node}`,
  enlarge: "Show larger",
  typeName: (type: string) => types[type] ?? type,
  name: (number: number) => `Name of column ${number}`,
  type: (name: string) => `Type of ${name}`,
  removeColumn: (name: string) => `Remove column ${name}`,
  newColumn: "New column",
  cell: (column: string, row: number) => `${column}, row ${row}`,
  row: (row: number) => `Choose row ${row}`,
  newRow: "new row",
  insertRow: "Insert a row above",
  removeRows: (from: number, to: number) => (from === to ? `Remove row ${from}` : `Remove rows ${from} to ${to}`),
  size: (rows: number, columns: number) => `${many(rows, "row")}, ${many(columns, "column")}`,
  misfit: (text: string, column: string, row: number, type: string) =>
    `Row ${row}: “${text}” does not fit the column “${column}”. Type ${examples[type] ?? type}.`,
  misfits: (count: number) =>
    `${many(count, "cell")} ${count === 1 ? "does" : "do"} not fit ${count === 1 ? "its" : "their"} column.`,
  goThere: "Go there",
  twice: (name: string) => `Two columns have the name “${name}”.`,
  gaveNames: "The first pasted row gave the names.",
  keepAsRow: "Keep it as a row",
  noNames: "The first pasted row is taken as data.",
  takeAsNames: "Take it as names",
  tooMany: (cells: string) => `${cells} cells are too many for a table by hand.`,
  tooManyRemedy: "Save them as a CSV file and drop it on the canvas.",
};
