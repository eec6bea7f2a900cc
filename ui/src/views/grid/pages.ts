// Rows of a port by pages, fetched when they come into view and let go when they are far away.

import type { Table } from "apache-arrow";
import type { Problem } from "../../api/generated";
import { Refusal, request } from "../../api/http";
import { arrow } from "./arrow";

const PAGE = 200;
const KEPT = 60; // pages

export interface Query {
  document: string;
  node: string;
  port: string;
  /** column, or -column for the largest first */
  sort: string;
  where: string;
}

export const samePort = (a: Query, b: Query): boolean =>
  a.document === b.document && a.node === b.node && a.port === b.port;

export const portPath = ({ document, node, port }: Pick<Query, "document" | "node" | "port">, what: string): string =>
  `/api/documents/${encodeURIComponent(document)}/${what}/${node.split("/").map(encodeURIComponent).join("/")}/${encodeURIComponent(port)}`;

/** The pages of one question; `changed` is called whenever something arrived. */
export class Pages {
  rows: number | null = null;
  schema: Table | null = null;
  problem: Problem | null = null;
  content = "";
  /** Whether rows beyond the first ones are still being put in order. */
  ordering = false;
  private readonly pages = new Map<number, Table>();
  private readonly asked = new Map<number, AbortController>();
  private closed = false;
  private first = 0;
  private rest: AbortController | null = null;

  constructor(
    readonly query: Query,
    private readonly changed: () => void,
  ) {}

  /** The page and the row in it, if it is there. */
  at(row: number): { table: Table; index: number } | null {
    const page = Math.floor(row / PAGE);
    const table = this.pages.get(page);
    if (!table) return null;
    return { table, index: row - page * PAGE };
  }

  /**
   * Fetch what is missing of these rows, and while one scrolls, the page that comes next; what was asked for and is not
   * seen any more is called off.
   */
  want(first: number, end: number): void {
    if (this.closed) return;
    const wanted = new Set<number>();
    for (let page = Math.floor(first / PAGE); page <= Math.floor(Math.max(first, end - 1) / PAGE); page += 1)
      wanted.add(page);
    const next = this.next(first, end);
    if (next !== null) wanted.add(next);
    for (const [page, leaving] of this.asked)
      if (!wanted.has(page)) {
        leaving.abort();
        this.asked.delete(page);
      }
    for (const page of wanted) if (!this.pages.has(page) && !this.asked.has(page)) void this.fetch(page);
  }

  /** The page beyond these rows, on the side to which they have been scrolled; null after a jump, and at the end. */
  private next(first: number, end: number): number | null {
    const by = first - this.first;
    this.first = first;
    if (by === 0 || Math.abs(by) > PAGE || this.rows === null) return null;
    const row = by > 0 ? end - 1 + PAGE : first - PAGE;
    return row < 0 || Math.floor(row / PAGE) * PAGE >= this.rows ? null : Math.floor(row / PAGE);
  }

  /** Ask for nothing more: another question comes, and would wait for the answers to this one. */
  close(): void {
    this.closed = true;
    for (const leaving of [...this.asked.values(), this.rest]) leaving?.abort();
    this.asked.clear();
    this.ordering = false;
  }

  /** Have all rows put in order before anybody goes there: the last row is there once they are. */
  private async order(): Promise<void> {
    this.rest = new AbortController();
    const { signal } = this.rest;
    this.ordering = true;
    try {
      await this.rowsAt((this.rows ?? 1) - 1, 1, signal);
    } catch (error) {
      if (!signal.aborted && !(error instanceof Refusal)) throw error; // a page that is looked at tells what is wrong
    }
    if (signal.aborted) return;
    this.ordering = false;
    this.changed();
  }

  private rowsAt(offset: number, limit: number, signal: AbortSignal): Promise<Response> {
    const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
    if (this.query.sort) query.set("sort", this.query.sort);
    if (this.query.where) query.set("where", this.query.where);
    return request(`${portPath(this.query, "rows")}?${query}`, { signal });
  }

  private async fetch(page: number): Promise<void> {
    const leaving = new AbortController();
    this.asked.set(page, leaving);
    try {
      const [answer, { tableFromIPC }] = await Promise.all([this.rowsAt(page * PAGE, PAGE, leaving.signal), arrow()]);
      const table = tableFromIPC(new Uint8Array(await answer.arrayBuffer()));
      if (leaving.signal.aborted || this.closed) return;
      this.rows = Number(answer.headers.get("X-Rows") ?? table.numRows);
      this.content = answer.headers.get("X-Content-Key") ?? "";
      this.schema ??= table;
      this.keep(page, table);
      if (answer.headers.has("X-Head") && this.rest === null) void this.order();
    } catch (error) {
      if (leaving.signal.aborted || this.closed) return;
      if (!(error instanceof Refusal)) throw error;
      this.problem = error.problem;
    }
    this.asked.delete(page);
    this.changed();
  }

  /** Keep the page, and let go of those that came first. */
  private keep(page: number, table: Table): void {
    this.pages.set(page, table);
    for (const old of this.pages.keys()) {
      if (this.pages.size <= KEPT) break;
      this.pages.delete(old);
    }
  }
}
