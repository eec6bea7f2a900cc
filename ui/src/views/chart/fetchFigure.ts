import type { Table } from "apache-arrow";
import type { FigureFacts } from "../../api/generated";
import { getJson, request } from "../../api/http";
import { arrow } from "../grid/arrow";
import { portPath } from "../grid/pages";

export interface Figure {
  facts: FigureFacts;
  data: Table;
  /** How many points there are, where only some came. */
  sampled: number | null;
}

/** The figure at a port: what it says and its data. Throws Refusal where there is none. */
export async function fetchFigure(
  at: { document: string; node: string; port: string },
  signal?: AbortSignal,
): Promise<Figure> {
  const [facts, answer, { tableFromIPC }] = await Promise.all([
    getJson<FigureFacts>(portPath(at, "figure"), signal),
    request(portPath(at, "figure-data"), signal ? { signal } : {}),
    arrow(),
  ]);
  const sampled = answer.headers.get("X-Sampled");
  const data = tableFromIPC(new Uint8Array(await answer.arrayBuffer()));
  return { facts, data, sampled: sampled === null ? null : Number(sampled) };
}
