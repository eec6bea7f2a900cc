import { describe, expect, it } from "vitest";
import { fits, proposed, read } from "./cells";
import { cellsOf, textOf } from "./clip";
import { moved, tabbed } from "./moving";
import {
  cleared,
  cut,
  EMPTY,
  hasNames,
  headed,
  isTwice,
  misfits,
  renamed,
  retyped,
  type Sheet,
  tableOf,
  withColumn,
  withoutColumn,
  withoutRows,
  withRow,
  written,
} from "./sheet";

const none = new Set<string>();
const CITIES: Sheet = {
  columns: [
    { name: "city", type: "text" },
    { name: "people", type: "integer" },
  ],
  rows: [
    ["Linz", 210118],
    ["Lugano", 62315],
  ],
};

describe("a text typed into a cell", () => {
  it.each([
    ["42", "integer", 42],
    [" -7 ", "integer", -7],
    ["9007199254740993", "integer", "9007199254740993"],
    ["4.5", "integer", "4.5"],
    ["4.5", "number", 4.5],
    ["3,5", "number", 3.5],
    ["1,234", "number", "1,234"],
    ["1e-3", "number", 0.001],
    ["abc", "number", "abc"],
    ["Yes", "boolean", true],
    ["0", "boolean", false],
    ["perhaps", "boolean", "perhaps"],
    ["2013-01-31", "date", "2013-01-31"],
    ["31.1.2013", "date", "2013-01-31"],
    ["31.2.2013", "date", "31.2.2013"],
    ["1.2.2013 9:05", "datetime", "2013-02-01 09:05"],
    ["9:30", "time", "09:30"],
    [" as typed ", "text", " as typed "],
    ["", "text", null],
    ["  ", "integer", null],
  ])("%j as %s is kept as %j", (text, type, kept) => expect(read(text, type)).toBe(kept));

  it.each([
    ["integer", ["12", 3, null, "9223372036854775807"], ["1.5", 1.5, "x", true, "9223372036854775808"]],
    ["number", [1.5, "2", "nan", ".5"], ["3,5", true, "one"]],
    ["boolean", [true, "No", 1], ["maybe", 2]],
    ["date", ["2024-02-29", "20240229"], ["2023-02-29", "31.1.2013", "2024-13-01"]],
    ["datetime", ["2024-02-29 10:30", "2024-02-29T10:30:15.5Z", "2024-02-29"], ["10:30", "2024-02-29 25:00"]],
    ["time", ["10:30", "10:30:59"], ["9:30", "24:00", "noon"]],
    ["text", ["", "anything", 4], []],
  ])("fits a column of %s or not", (type, good, bad) => {
    expect(good.filter((cell) => !fits(cell, type))).toEqual([]);
    expect(bad.filter((cell) => fits(cell, type))).toEqual([]);
  });

  it.each([
    [["1", "", "30"], "integer"],
    [["1", "2.5"], "number"],
    [["0", "0,5"], "number"],
    [["01067", "80331"], "text"],
    [["true", "FALSE"], "boolean"],
    [["2013-01-31", "1.2.2014"], "date"],
    [["2013-01-31 10:00"], "datetime"],
    [["7:15", "23:59"], "time"],
    [["20130131"], "integer"],
    [["1", "one"], "text"],
    [["99999999999999999999"], "number"],
    [["", ""], "text"],
  ])("%j is likely %s", (texts, type) => expect(proposed(texts)).toBe(type));
});

describe("text on the clipboard", () => {
  it.each([
    [
      "a\tb\r\n1\t2\r\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "a\t\n\tb",
      [
        ["a", ""],
        ["", "b"],
      ],
    ],
    ["one, two", [["one, two"]]],
    ["1,2,3", [["1", "2", "3"]]],
    ["3,5\n4,25", [["3,5"], ["4,25"]]],
    [
      "name,age\nAnn,3",
      [
        ["name", "age"],
        ["Ann", "3"],
      ],
    ],
    [
      "x;y\n1,5;2",
      [
        ["x", "y"],
        ["1,5", "2"],
      ],
    ],
    ["Hello; world", [["Hello; world"]]],
    ["Paris, France\nRome, Italy", [["Paris, France"], ["Rome, Italy"]]],
    [
      '"two\nlines"\t"say ""yes"""\n5\t"',
      [
        ["two\nlines", 'say "yes"'],
        ["5", '"'],
      ],
    ],
    ["Linz\n\nLugano", [["Linz"], [""], ["Lugano"]]],
    ["", [[""]]],
  ])("%j is read", (text, cells) => expect(cellsOf(text)).toEqual(cells));

  it("comes back as it was written", () => {
    const cells = [
      ["a b", "two\nlines", 'a "b"'],
      ['"', "", "x\ty"],
    ];
    expect(cellsOf(textOf(cells))).toEqual(cells);
  });
});

describe("a sheet", () => {
  it("grows where something is typed into its empty row or beside its last column", () => {
    expect(written(CITIES, { row: 2, column: 1 }, [["12"]], none).rows[2]).toEqual([null, 12]);
    const wider = written(CITIES, { row: 1, column: 2 }, [["4.5"]], none);
    expect(wider.columns[2]).toEqual({ name: "column_3", type: "number" });
    expect(wider.rows).toEqual([
      ["Linz", 210118],
      ["Lugano", 62315, 4.5],
    ]);
  });

  it("proposes a type only where none was chosen", () => {
    const added = withColumn(CITIES, "founded");
    const at = { row: 0, column: 2 };
    expect(written(added, at, [["799"]], none).columns[2]?.type).toBe("text");
    const first = written(added, at, [["799"]], new Set(["founded"]));
    expect(first.columns[2]?.type).toBe("integer");
    const second = written(first, { row: 1, column: 2 }, [["0.5"]], new Set(["founded"]));
    expect(second.columns[2]?.type).toBe("number");
    const third = written(second, { row: 1, column: 2 }, [["long ago"]], new Set(["founded"]));
    expect(third.columns[2]?.type).toBe("number");
    expect(misfits(third)).toEqual([{ row: 1, column: 2 }]);
  });

  it("takes what is pasted over it, and adds what is lacking", () => {
    const next = written(CITIES, { row: 1, column: 1 }, cellsOf("1\t2013-01-31\nmany\t"), none);
    expect(next.columns.map(({ type }) => type)).toEqual(["text", "integer", "date"]);
    expect(next.rows).toEqual([
      ["Linz", 210118],
      ["Lugano", 1, "2013-01-31"],
      [null, "many", null],
    ]);
    expect(CITIES.rows).toHaveLength(2);
  });

  it("is made of pasted cells, with the names that they have", () => {
    const made = tableOf(cellsOf("city\tpeople\nLinz\t210118\nLugano\t62315"));
    expect(made).toEqual(CITIES);
    expect(
      tableOf([
        ["1", "a"],
        ["2", "b"],
      ]),
    ).toEqual({
      columns: [
        { name: "column_1", type: "integer" },
        { name: "column_2", type: "text" },
      ],
      rows: [
        [1, "a"],
        [2, "b"],
      ],
    });
    expect(
      hasNames([
        ["a", "a"],
        ["b", "c"],
      ]),
    ).toBe(false);
    expect(
      hasNames([
        ["2013", "2014"],
        ["1", "2"],
      ]),
    ).toBe(false);
    expect(
      tableOf(
        [
          ["a", ""],
          ["b", "c"],
        ],
        true,
      ).columns.map(({ name }) => name),
    ).toEqual(["a", "column_2"]);
  });

  it("takes names with what is below them, where they are pasted over names", () => {
    expect(headed(EMPTY, 0, cellsOf("city\tpeople\nLinz\t210118\nLugano\t62315"), none)).toEqual(CITIES);
    const next = headed(CITIES, 1, cellsOf("souls\tfounded\n5\t799"), none);
    expect(next.columns.slice(1)).toEqual([
      { name: "souls", type: "integer" },
      { name: "founded", type: "integer" },
    ]);
    expect(next.rows[0]).toEqual(["Linz", 5, 799]);
    expect(headed(CITIES, 1, [["souls"]], none).rows).toBe(CITIES.rows);
  });

  it("reads a column anew that gets another type, and keeps what does not fit", () => {
    const text = retyped(CITIES, 1, "text");
    expect(text.rows[0]).toEqual(["Linz", "210118"]);
    expect(retyped(text, 1, "integer")).toEqual(CITIES);
    const wrong = retyped(CITIES, 0, "date");
    expect(wrong.rows[0]?.[0]).toBe("Linz");
    expect(misfits(wrong)).toHaveLength(2);
  });

  it("loses columns, rows and cells, and only these", () => {
    expect(withoutColumn(CITIES, 0)).toEqual({ columns: [CITIES.columns[1]], rows: [[210118], [62315]] });
    expect(withoutColumn(withoutColumn(CITIES, 0), 0)).toEqual(EMPTY);
    expect(withoutRows(CITIES, 0, 0).rows).toEqual([["Lugano", 62315]]);
    expect(withRow(CITIES, 1).rows[1]).toEqual([null, null]);
    const range = { top: 0, bottom: 5, left: 1, right: 1 };
    expect(cleared(CITIES, range).rows).toEqual([
      ["Linz", null],
      ["Lugano", null],
    ]);
    expect(cleared(CITIES, { top: 2, bottom: 2, left: 0, right: 2 })).toBe(CITIES);
    expect(cut(CITIES, { top: 1, bottom: 2, left: 0, right: 1 })).toEqual([
      ["Lugano", "62315"],
      ["", ""],
    ]);
  });

  it("keeps cells beyond its columns, of which the node complains", () => {
    const more: Sheet = { columns: CITIES.columns, rows: [["Linz", 1, "more"]] };
    expect(written(more, { row: 0, column: 0 }, [["Wels"]], none).rows).toEqual([["Wels", 1, "more"]]);
  });

  it("tells a name that is there twice", () => {
    const twice = renamed(CITIES, 1, "City");
    expect([isTwice(twice, 0), isTwice(twice, 1), isTwice(CITIES, 1)]).toEqual([false, true, false]);
  });
});

describe("keys", () => {
  const size = { rows: 3, columns: 3 };
  const press = (key: string, mod = false) => ({ key, shift: false, mod });
  it("lead to the next cell, and not out of the sheet", () => {
    expect(moved({ row: 0, column: 0 }, press("ArrowDown"), size)).toEqual({ row: 1, column: 0 });
    expect(moved({ row: 2, column: 1 }, press("ArrowDown"), size)).toEqual({ row: 2, column: 1 });
    expect(moved({ row: 0, column: 1 }, press("ArrowDown", true), size)).toEqual({ row: 2, column: 1 });
    expect(moved({ row: 1, column: 1 }, press("End", true), size)).toEqual({ row: 2, column: 2 });
    expect(moved({ row: 1, column: 1 }, press("x"), size)).toBeNull();
  });
  it("lead row by row with Tab, and out at both ends", () => {
    expect(tabbed({ row: 0, column: 2 }, false, size)).toEqual({ row: 1, column: 0 });
    expect(tabbed({ row: 1, column: 0 }, true, size)).toEqual({ row: 0, column: 2 });
    expect(tabbed({ row: 2, column: 2 }, false, size)).toBeNull();
    expect(tabbed({ row: 0, column: 0 }, true, size)).toBeNull();
  });
});
