// The ways a component may run many times (peephole/workflow/repeat.py), as fields of a form.

import type { NodeBlock } from "../../api/generated";
import { formTexts } from "../../texts/form";
import { repeatTexts as texts } from "../../texts/repeat";
import { emptyValue, type Field, type Json, type Kind } from "../form/fields";
import { problems } from "../form/validate";

export type Repeat = NonNullable<NodeBlock["repeat"]>;
export type Over = Repeat["over"];

const field = (title: string, doc: string, kind: Kind, given?: Json): Field => ({
  nullable: false,
  title,
  doc,
  ...(given === undefined ? {} : { default: given }),
  ...kind,
});
const text: Kind = { kind: "text", least: 1 };
const whole: Kind = { kind: "number", integer: true, low: 1 };
const oneOf = (names: readonly string[]): Kind => (names.length > 0 ? { kind: "choice", options: [...names] } : text);

/** What the component shows: its ports and settings by name. */
export interface Face {
  inputs: readonly string[];
  outputs: readonly string[];
  settings: readonly string[];
}

/** The fields of each way, by name. */
export function repeatFields(over: Over, face: Face): Record<string, Field> {
  return over === "rounds" ? roundFields(face) : { ...runFields(over, face), ...bestFields(face) };
}

const orNone = (names: readonly string[]): Kind => ({ kind: "choice", options: ["", ...names] });

/** Which run is the best, where anything comes out of it. */
function bestFields({ outputs }: Face): Record<string, Field> {
  if (outputs.length === 0) return {};
  return {
    best: field(texts.best, texts.bestDoc, orNone(outputs), ""),
    lowest: field(texts.lowest, texts.lowestDoc, { kind: "boolean" }, false),
  };
}

function roundFields({ inputs, outputs }: Face): Record<string, Field> {
  return {
    times: field(texts.rounds, texts.roundsDoc, { ...whole, high: 1000 } as Kind, 10),
    until: field(texts.until, texts.untilDoc, orNone(outputs), ""),
    input: field(texts.roundInput, texts.roundInputDoc, oneOf(inputs), inputs[0] ?? "table"),
    output: field(texts.roundOutput, texts.roundOutputDoc, oneOf(outputs), outputs[0] ?? "table"),
  };
}

function runFields(over: Exclude<Over, "rounds">, face: Face): Record<string, Field> {
  const input = face.inputs[0] ?? "table";
  const columns: Kind = { kind: "columns", port: input, types: [], least: 1 };
  switch (over) {
    case "count":
      return {
        times: field(texts.times, texts.timesDoc, whole, 10),
        name: field(texts.name, texts.nameDoc, oneOf(face.settings), face.settings[0] ?? "iteration"),
      };
    case "values": {
      const list: Kind = { kind: "list", least: 1, item: field("", "", { kind: "text", least: 0 }) };
      const kind: Kind = {
        kind: "dict",
        key: field(texts.setting, "", oneOf(face.settings)),
        value: field(texts.values, "", list),
      };
      return { values: field(texts.values, texts.valuesDoc, kind, {}) };
    }
    case "columns":
      return {
        columns: field(texts.columns, texts.columnsDoc, columns, []),
        setting: field(texts.setting, texts.settingDoc, oneOf(face.settings), face.settings[0] ?? "column"),
      };
    case "groups":
      return {
        columns: field(texts.groups, texts.groupsDoc, columns, []),
        input: field(texts.input, texts.inputDoc, oneOf(face.inputs), input),
      };
    case "chunks":
      return {
        rows: field(texts.rows, texts.rowsDoc, whole, 1000),
        input: field(texts.input, texts.inputDoc, oneOf(face.inputs), input),
      };
  }
}

/** A repeat of this kind, to begin with. */
export function freshRepeat(over: Over, face: Face): Repeat {
  const fields = Object.entries(repeatFields(over, face)).map(([name, one]) => [name, said(name, emptyValue(one))]);
  return { over, ...Object.fromEntries(fields) } as Repeat;
}

const ORS = ["best", "until"];

/** A field's value as the document says it: no output is null there. */
export const said = (name: string, value: Json): Json => (ORS.includes(name) && value === "" ? null : value);

/** A value of the document as its field has it. */
export const shown = (name: string, value: Json | undefined): Json | undefined =>
  ORS.includes(name) && value === null ? "" : value;

/** What is still missing or wrong, by field; with nothing in it the repeat can be part of the document. */
export function unfinished(repeat: Repeat, face: Face): Record<string, string> {
  const given = { best: null, lowest: false, ...(repeat as unknown as Record<string, Json>) } as Record<string, Json>;
  const found: Record<string, string> = {};
  for (const [name, one] of Object.entries(repeatFields(repeat.over, face))) {
    const values = name === "values" && repeat.over === "values";
    const wrong = values ? valuesProblem(repeat.values) : problemOf(one, shown(name, given[name]), name);
    if (wrong) found[name] = wrong;
  }
  return found;
}

const problemOf = (one: Field, value: Json | undefined, name: string): string | undefined =>
  problems(one, value, name, () => undefined)[0]?.text;

const valuesProblem = (values: Record<string, readonly Json[]>): string | undefined =>
  Object.keys(values).length === 0 || Object.values(values).some((list) => list.length === 0)
    ? formTexts.chooseOne
    : undefined;

/** Texts that read as numbers, yes and no, as what they mean: `0.1, 1, 10` are values of a number. */
export const meant = (value: Json): Json => {
  if (typeof value !== "string") return value;
  if (value === "true" || value === "false") return value === "true";
  return value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
};
