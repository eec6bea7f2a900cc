import type { Answers, Head, Question, SliceName } from "./shapes";

/** Where slices of one trace come from. */
export interface TraceSource {
  /** Names it among others, for keys. */
  readonly id: string;
  head(): Promise<Head>;
  ask<K extends SliceName>(question: Question & { slice: K }): Promise<Answers[K]>;
}

/** A question as text: parts in a fixed order, defaults left out. The page that carries its answers inside uses the same. */
export function questionKey(question: Question): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(question).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const isDefault = value === null || value === undefined || value === 0 || value === false || value === "forward";
    if (!isDefault || (name === "loss_at" && value === 0)) parts.push(`${name}=${encodeURIComponent(String(value))}`);
  }
  return parts.join("&");
}

/** The studio's server. */
export class HttpSource implements TraceSource {
  /** example: which layer, table and row, as the start of a query. */
  constructor(
    readonly id: string,
    private readonly address: string,
    private readonly example: string,
  ) {}

  head(): Promise<Head> {
    return this.get(`${this.address}/head?${this.example}`);
  }

  ask<K extends SliceName>(question: Question & { slice: K }): Promise<Answers[K]> {
    return this.get(`${this.address}/slice?${this.example}&${questionKey(question)}`);
  }

  private async get<T>(address: string): Promise<T> {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const body = await answer.json().catch(() => null);
    if (!answer.ok)
      throw new SourceError(body?.problem?.what ?? `The server answered ${answer.status}.`, body?.problem);
    return body as T;
  }
}

export interface Embedded {
  head: Head;
  answers: Record<string, unknown>;
}

/** A page that carries the slices inside. */
export class EmbeddedSource implements TraceSource {
  constructor(
    readonly id: string,
    private readonly data: Embedded,
  ) {}

  async head(): Promise<Head> {
    return this.data.head;
  }

  async ask<K extends SliceName>(question: Question & { slice: K }): Promise<Answers[K]> {
    const found = this.data.answers[questionKey(question)];
    if (!found) throw new SourceError("This page does not carry that part of the trace.");
    return found as Answers[K];
  }
}

/** Why a slice did not come, in words. */
export class SourceError extends Error {
  constructor(
    message: string,
    readonly problem?: { what: string; remedy?: string },
  ) {
    super(message);
  }
}
