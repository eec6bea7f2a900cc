// The studio's end of a page's lines, for tests: they greet, tell, break off and answer as the studio does.

import { vi } from "vitest";
import type { ClientMessage, Snapshot } from "../api/generated";
import { blank } from "./document";
import { noStatus } from "./status";

/** What stands for the browser's websocket; the newest is `last`. */
export class Socket {
  static readonly OPEN = 1;
  static last: Socket;
  static made = 0;
  readyState = 0;
  sent: ClientMessage[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor(readonly url: string) {
    Socket.last = this;
    Socket.made += 1;
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
  }
  /** The studio greets: the line stands.  seq: of its newest message. */
  greet(seq: number): void {
    this.readyState = Socket.OPEN;
    this.tell({ is: "hello", seq, client_id: "c", revision: 0 });
  }
  tell(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  breakOff(): void {
    this.readyState = 3;
    this.onclose?.();
  }
  get said(): string[] {
    return this.sent.map((one) => one.do).filter((one) => one !== "look");
  }
  get edits(): Extract<ClientMessage, { do: "edit" }>[] {
    return this.sent.filter((one) => one.do === "edit");
  }
}

export const problem = { id: "edit", what: "No.", remedy: "", setting: null, trace: null, position: null };

export const snapshotOf = (id: string, more: Partial<Snapshot> = {}): Snapshot =>
  ({
    id,
    revision: 0,
    seq: 10,
    document: blank.document,
    path: null,
    title: "",
    saved: true,
    trusted: true,
    needs_trust: false,
    can_undo: false,
    can_redo: false,
    ...noStatus,
    findings: [],
    ...more,
  }) as Snapshot;

export const refusal = (status: number): Response => Response.json({ problem }, { status });

/** Stands for the browser's `fetch`: it waits for its answers where the test says so. */
export class Desk {
  /** how a question for the document with this id is answered */
  answer: (id: string) => Response = (id) => Response.json(snapshotOf(id));
  asked = 0;
  /** while it holds, answers are kept back until `release` */
  holds = false;
  private kept: (() => void)[] = [];

  readonly fetch = async (path: string): Promise<Response> => {
    this.asked += 1;
    const id = path.split("/").at(-1) ?? "";
    if (!this.holds) return this.answer(id);
    return new Promise((resolve) => {
      this.kept.push(() => resolve(this.answer(id)));
    });
  };

  /** Give the answers that are kept back, and let them be taken. */
  async release(): Promise<void> {
    this.holds = false;
    for (const give of this.kept.splice(0)) give();
    await settled();
  }
}

/** Whatever waits for an answer that is there has gone on. */
export async function settled(): Promise<void> {
  for (let k = 0; k < 5; k += 1) await vi.advanceTimersByTimeAsync(0);
}
