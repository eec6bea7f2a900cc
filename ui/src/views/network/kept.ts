import type { PortFacts } from "../../api/generated";
import { figure } from "../../components/formats";
import { modelTexts } from "../../texts/model";

type Facts = PortFacts["facts"];

const texts = modelTexts.network;

/** The epoch whose weights a trained network has, where it is not the last one. */
export function keptEpoch(facts: Facts | undefined): number | null {
  const epoch = facts?.["kept epoch"];
  return typeof epoch === "number" ? epoch : null;
}

/** The same, where curves of so many points are those of its whole training. */
export function keptOn(facts: Facts | undefined, points: number): number | null {
  return facts?.epochs === points ? keptEpoch(facts) : null;
}

/** "epoch 19 of 600" */
export const keptWords = (facts: Facts, epoch: number): string => texts.epochOf(figure(epoch), said(facts.epochs));

/** Facts as they are shown, a name and a word each; what has parts of its own is left out. */
export function shownFacts(facts: Facts): [name: string, words: string][] {
  const epoch = keptEpoch(facts);
  return Object.entries(facts)
    .filter(([name, value]) => value !== null && typeof value !== "object" && !(name === "epochs" && epoch !== null))
    .map(([name, value]) =>
      name === "kept epoch" && epoch !== null
        ? [texts.kept, keptWords(facts, epoch)]
        : [name.replaceAll("_", " "), said(value)],
    );
}

function said(value: unknown): string {
  if (typeof value === "number") return figure(value);
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  return String(value);
}
