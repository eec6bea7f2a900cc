import { describe, expect, it } from "vitest";
import cases from "../../../../tests/neural/view/question_keys.json";
import { numbers, row } from "./arrays";
import type { Question } from "./shapes";
import { EmbeddedSource, questionKey, SourceError } from "./source";

describe("questions", () => {
  it.each(cases)("$key", ({ question, key }) => expect(questionKey(question as Question)).toBe(key));

  it("a page says what it does not carry", async () => {
    const source = new EmbeddedSource("one", { head: {} as never, answers: {} });
    await expect(source.ask({ slice: "flow" })).rejects.toThrow(SourceError);
  });
});

describe("packed numbers", () => {
  it("come out as they went in", () => {
    const values = new Float64Array([1 / 3, -2e-30, 7]);
    const data = btoa(String.fromCharCode(...new Uint8Array(values.buffer)));
    const packed = { dtype: "f8" as const, shape: [3, 1], data };
    expect([...numbers(packed)]).toEqual([...values]);
    expect([...row(packed, 2)]).toEqual([7]);
  });
});
