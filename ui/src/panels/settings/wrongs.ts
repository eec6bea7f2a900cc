// What is wrong with each setting: what the page sees at once, and what the server found.

import type { Finding, Problem } from "../../api/generated";
import { formTexts } from "../../texts/form";
import { withoutList, withoutTitle } from "../../texts/wording";
import type { Field, Json, NamedField } from "../form/fields";
import { settled } from "../form/settled";
import { type ColumnsOf, problems, type Wrong } from "../form/validate";

type Said = Pick<Finding, "id" | "what" | "setting" | "position"> & { remedy?: string };

/** The setting that a path such as `compute[0].column` lies in. */
const topOf = (path: string): string => /^[^.[]*/.exec(path)?.[0] ?? path;

/** What the server says, without the node's title, which stands above the form. */
function worded({ what, remedy = "" }: Said, titles: readonly string[]): string {
  return `${withoutTitle(what, ...titles)} ${withoutList(remedy)}`.trim();
}

export interface Wrongs {
  at: (path: string) => string | undefined;
  position: (path: string) => number | undefined;
  /** Whether what is told there is that nothing was entered yet. */
  unset: (path: string) => boolean;
  /** Of a whole setting: what cannot be told at one of its inner fields. */
  of: (name: string) => string | undefined;
  any: boolean;
}

interface Given {
  fields: readonly NamedField[];
  settings: Readonly<Record<string, Json>>;
  fed: ReadonlySet<string>;
  columns: ColumnsOf;
  titles: readonly string[];
  findings: readonly Finding[];
  problem: Problem | null;
}

export function wrongsOf({ fields, settings, fed, columns, titles, findings, problem }: Given): Wrongs {
  const local = new Map<string, Wrong>();
  const places = new Set<string>();
  for (const { name, field, required } of fields) {
    if (fed.has(name)) continue;
    const value = name in settings ? settings[name] : field.default;
    for (const place of pathsOf(field, value, name)) places.add(place);
    if (value === undefined && !required) continue;
    for (const one of problems(field, value, name, columns)) if (!local.has(one.path)) local.set(one.path, one);
  }
  const said: Said[] = [...findings.filter((one) => one.setting), ...(problem?.setting ? [problem] : [])];
  const server = new Map<string, Said>();
  for (const one of said) {
    const path = one.setting ?? "";
    const place = places.has(path) ? path : nearest(path, places);
    if (!server.has(place) && !fed.has(topOf(place))) server.set(place, one);
  }
  /** The server's word, where it counts: the page words what is missing or no number, the server columns and formulas. */
  const answer = (path: string): Said | undefined => {
    const found = server.get(path);
    return found && (["column", "formula"].includes(found.id) || !local.has(path)) ? found : undefined;
  };
  const at = (path: string): string | undefined => {
    const found = answer(path);
    return found ? worded(found, titles) : local.get(path)?.text;
  };
  return {
    at,
    position: (path) => server.get(path)?.position ?? undefined,
    unset: (path) => (answer(path) ? answer(path)?.id === "unset" : (local.get(path)?.unset ?? false)),
    of: (name) => {
      const told = at(name);
      const inner = [...local.keys()].some((path) => path !== name && topOf(path) === name);
      return inner && server.get(name)?.id === "column" ? undefined : told;
    },
    any: local.size + server.size > 0,
  };
}

/** The longest known place that a path lies in. */
function nearest(path: string, places: ReadonlySet<string>): string {
  for (let cut = path; cut; cut = cut.slice(0, Math.max(cut.lastIndexOf("."), cut.lastIndexOf("["), 0)))
    if (places.has(cut)) return cut;
  return topOf(path);
}

function pathsOf(field: Field, value: Json | undefined, path: string): string[] {
  if (field.kind === "list" && Array.isArray(value)) return [path, ...value.map((_, index) => `${path}[${index}]`)];
  if (field.kind === "table" && Array.isArray(value))
    return [path, ...value.flatMap((one, index) => pathsOf(field.item, one, `${path}[${index}]`))];
  if (field.kind === "group" && value && typeof value === "object")
    return [
      path,
      ...settled(field.fields, value as Record<string, Json>).flatMap((one) =>
        pathsOf(one.field, (value as Record<string, Json>)[one.name], `${path}.${one.name}`),
      ),
    ];
  if (field.kind === "others" && value && typeof value === "object")
    return [
      path,
      ...Object.keys(value).map((name) => `${path}.${name}`),
      ...field.fields.map(({ name }) => `${path}.${name}`),
    ];
  if (field.kind === "dict" && value && typeof value === "object")
    return [path, ...Object.keys(value).map((key) => `${path}[${key}]`)];
  return [path];
}

/** A value in a few words, as a default is shown. */
export function shortly(value: Json | undefined): string {
  if (value === null || value === undefined) return formTexts.automatic;
  if (value === "" || (typeof value === "object" && Object.keys(value).length === 0)) return formTexts.empty;
  if (typeof value === "boolean") return value ? formTexts.yes : formTexts.no;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 38)} …` : text;
}
