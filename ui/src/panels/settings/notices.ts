// What stands above a node's settings: what is wrong with the node as a whole, each thing once.

import type { Finding, Problem } from "../../api/generated";
import { settingsTexts } from "../../texts/settings";
import { withoutTitle } from "../../texts/wording";

export interface Notice {
  /** todo: nothing is wrong, it is only not ready yet */
  tone: "bad" | "warn" | "todo";
  what: string;
  remedy: string;
  trace: string;
}

interface Given {
  /** of the node and of its type; null where that is not installed */
  titles: readonly string[] | null;
  type: string;
  /** packages that it lacks */
  missing: readonly string[];
  /** what the check says of the node */
  findings: readonly Finding[];
  problem: Problem | null;
  /** whether something is only still to be done */
  toDo: (one: { id: string; setting: string | null }) => boolean;
}

const UNKNOWN = ["unknown-type", "unknown-node"];

export function noticesOf({ titles, type, missing, findings, problem, toDo }: Given): Notice[] {
  const found: Notice[] = [];
  const add = (tone: Notice["tone"], what: string, remedy = "", trace = ""): void => {
    const own = withoutTitle(what, ...(titles ?? []));
    const told = found.find((one) => one.what === own);
    if (told) told.trace ||= trace;
    else found.push({ tone, what: own, remedy, trace });
  };
  const near = findings.find((one) => one.id === "unknown-type")?.remedy ?? "";
  if (titles === null)
    add("warn", settingsTexts.unknownType(type), [near, settingsTexts.unknownTypeHint].filter(Boolean).join(" "));
  if (missing.length > 0) add("warn", settingsTexts.missing(missing.join(", ")));
  for (const one of findings)
    if (!one.setting && !UNKNOWN.includes(one.id))
      add(toDo(one) ? "todo" : one.severity === "error" ? "bad" : "warn", one.what, one.remedy);
  if (problem && !problem.setting && !UNKNOWN.includes(problem.id))
    add(toDo(problem) ? "todo" : "bad", problem.what, problem.remedy, problem.trace ?? "");
  return found;
}
