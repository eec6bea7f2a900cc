// The same edits on the same documents give the same results here and in Python. The cases come from
// tests/workflow/test_browser_agrees.py, which makes them with Hypothesis and runs this file.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { apply } from "./apply";
import type { Document } from "./document";
import { EditError } from "./errors";
import type { Op } from "./ops";

interface Step {
  op: Op;
  /** the document afterwards and the inverse, or why it was refused */
  after?: Document;
  inverse?: Op;
  refused?: string;
}
interface Case {
  document: Document;
  steps: Step[];
}

const file = process.env.PEEPHOLE_CASES;
const cases: Case[] = file ? (JSON.parse(readFileSync(file, "utf8")) as Case[]) : [];

const ORDERED = ["nodes", "notes", "frames", "settings"];

/** Text that is equal where documents are, the order of nodes, notes, frames and settings included. */
const exact = (document: Document): string =>
  JSON.stringify(document, (key, value: unknown) =>
    typeof value !== "object" || value === null || Array.isArray(value) || ORDERED.includes(key)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))),
  );

/** Without what is left unsaid on either side: null, false, nothing. */
function lean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lean);
  if (typeof value !== "object" || value === null) return value;
  const said = Object.entries(value).map(([key, one]) => [key, lean(one)] as const);
  const nothing = (one: unknown): boolean =>
    one === null ||
    one === undefined ||
    one === false ||
    one === "" ||
    JSON.stringify(one) === "{}" ||
    JSON.stringify(one) === "[]";
  return Object.fromEntries(said.filter(([, one]) => !nothing(one)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe.skipIf(cases.length === 0)("the graph model and peephole.workflow", () => {
  it(`agree on ${cases.length} documents`, () => {
    for (const { document, steps } of cases) {
      let now = document;
      for (const { op, after, inverse, refused } of steps) {
        const before = exact(now);
        if (!after || !inverse) {
          expect(() => apply(now, op), JSON.stringify(op)).toThrow(EditError);
          expect(said(() => apply(now, op))).toBe(refused);
          continue;
        }
        const [changed, back] = apply(now, op);
        expect(exact(now)).toBe(before);
        expect(exact(changed), JSON.stringify(op)).toBe(exact(after));
        expect(JSON.stringify(lean(back)), JSON.stringify(op)).toBe(JSON.stringify(lean(inverse)));
        expect(exact(apply(changed, back)[0])).toBe(before);
        expect(exact(apply(changed, inverse)[0])).toBe(before);
        now = changed;
      }
    }
  });
});

function said(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}
