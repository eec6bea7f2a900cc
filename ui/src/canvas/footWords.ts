import type { NodeState, PortFacts } from "../api/generated";
import { count, duration } from "../components/formats";
import { canvasTexts as texts } from "../texts/canvas";
import { stateName, stateTexts } from "../texts/states";

/** The last line of a node: how far it is, or what came out, or what it waits for. */
export function footWords(state: NodeState, facts: PortFacts | undefined): string {
  if (state.state === "running") return running(state);
  const size = sizeWords(facts);
  if (state.state === "done" || state.state === "stale") {
    const words = [
      state.provisional ? texts.forNow : "",
      size,
      state.seconds !== null && state.seconds >= 0.1 && !state.cached ? duration(state.seconds) : "",
    ];
    const said = words.filter(Boolean).join(" · ");
    return state.state === "stale" ? [texts.stale, said].filter(Boolean).join(" · ") : said || stateTexts.done;
  }
  if (state.state === "ready") return size || stateTexts.ready;
  if (state.state === "cancelled") return texts.cut;
  return state.reason || state.problem?.what || stateName(state);
}

function running({ progress }: NodeState): string {
  if (!progress) return stateTexts.running;
  const words = [progress.title];
  if (progress.total) words.push(`${Math.floor((100 * progress.done) / progress.total)} %`);
  if (progress.remaining !== null && progress.remaining >= 1) words.push(texts.left(duration(progress.remaining)));
  return words.filter(Boolean).join(" · ");
}

/** "336,776 × 19": rows and columns, as far as they are known. */
function sizeWords(facts: PortFacts | undefined): string {
  if (!facts) return "";
  const columns = facts.schema?.length;
  if (facts.rows !== null) return columns ? `${count(facts.rows)} × ${columns}` : texts.rows(facts.rows);
  if (columns) return texts.columns(columns);
  const { task, value, stopped } = facts.facts;
  if (typeof stopped === "string") return texts.stopped(stopped);
  if (typeof task === "string") return task;
  return value === undefined || value === null ? "" : String(value).slice(0, 40);
}
