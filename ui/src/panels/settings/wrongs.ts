// What is wrong with each setting: what the page sees at once, and what the server found.

import type { Finding, Problem } from "../../api/generated";
import { formTexts } from "../../texts/form";
import { withoutList, withoutTitle } from "../../texts/wording";
import type { Field, Json, NamedField } from "../form/fields";
import { type ColumnsOf, problems } from "../form/validate";

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
  const local = new Map<string, string>();
  const places = new Set<string>();
  for (const { name, field, required } of fields) {
    if (fed.has(name)) continue;
    const value = name in settings ? settings[name] : field.default;
    for (const place of pathsOf(field, value, name)) places.add(place);
    if (value === undefined && !required) continue;
    for (const { path, text } of problems(field, value, name, columns)) if (!local.has(path)) local.set(path, text);
  }
  const said: Said[] = [...findings.filter((one) => one.setting), ...(problem?.setting ? [problem] : [])];
  const server = new Map<string, Said>();
  for (const one of said) {
    const path = one.setting ?? "";
    const place = places.has(path) ? path : nearest(path, places);
    if (!server.has(place) && !fed.has(topOf(place))) server.set(place, one);
  }
  const at = (path: string): string | undefined => {
    const found = server.get(path);
    const here = local.get(path);
    // The page words what is missing or no number; the server knows the nearest column and what a formula means.
    if (found && (found.id === "column" || found.id === "formula" || !here)) return worded(found, titles);
    return here;
  };
  return {
    at,
    position: (path) => server.get(path)?.position ?? undefined,
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
  if (field.kind === "table" && Array.isArray(value))
    return [path, ...value.flatMap((one, index) => pathsOf(field.item, one, `${path}[${index}]`))];
  if (field.kind === "group" && value && typeof value === "object")
    return [
      path,
      ...field.fields.flatMap((one) =>
        pathsOf(one.field, (value as Record<string, Json>)[one.name], `${path}.${one.name}`),
      ),
    ];
  if (field.kind === "dict" && value && typeof value === "object")
    return [path, ...Object.keys(value).map((key) => `${path}[${key}]`)];
  return [path];
}

/** A value in a few words, as a default is shown. */
export function shortly(value: Json | undefined): string {
  if (value === null || value === undefined) return formTexts.automatic;
  if (value === "" || (Array.isArray(value) && value.length === 0)) return formTexts.empty;
  if (typeof value === "boolean") return value ? formTexts.yes : formTexts.no;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 38)} …` : text;
}
