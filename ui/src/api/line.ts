// One line to one document: a websocket that is made again where it breaks, and the snapshot where what was missed is lost.

import type { ClientMessage, Problem, ServerMessage, Snapshot } from "./generated";
import { getJson, Refusal } from "./http";

/**
 * connecting: a socket is being made.  behind: it stands, but what was missed is still coming.  level: nothing is missed,
 * what is sent now arrives.  offline: it broke, and is made again in a moment.
 * gone: the studio has no such document any more.  closed: by this page.  These two are final.
 */
export type LineState = "connecting" | "behind" | "level" | "offline" | "gone" | "closed";

export interface Listener {
  /** A message, in order, none twice. */
  message(message: ServerMessage): void;
  /** What was missed is not known any more: the document as it is now. */
  snapshot(now: Snapshot): void;
  /** Once it is level, what was sent and is not answered by then may never have reached the studio: send it again. */
  state(state: LineState): void;
}

const PAUSES = [250, 500, 1000, 2000, 4000];
const AGAIN = 1000; // milliseconds until the snapshot is asked for again

export const fetchSnapshot = (document: string): Promise<Snapshot> =>
  getJson(`/api/documents/${encodeURIComponent(document)}`);

export class Line {
  state: LineState = "connecting";
  /** why the studio, which is there, does not give the document (damaged, or it does not know this page); else null */
  problem: Problem | null = null;
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  /** number of the last message that was sent before this page came; null before it is known */
  private newest: number | null = null;
  /** what comes while the snapshot is fetched; null where none is */
  private held: ServerMessage[] | null = null;

  constructor(
    readonly document: string,
    private seq: number,
    private listener: Listener,
  ) {
    this.connect();
    window.addEventListener("online", this.hurry);
  }

  /** Send; false where it would not arrive. */
  send(message: ClientMessage): boolean {
    if (this.state !== "level" || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Fetch the document as it is now; what comes meanwhile is kept back. */
  refresh(): void {
    const held: ServerMessage[] = [];
    this.held = held;
    this.become("behind");
    void this.fetch(held);
  }

  /** Go on for somebody else. */
  handOver(listener: Listener): void {
    this.listener = listener;
  }

  close(): void {
    this.end("closed");
  }

  private end(state: "gone" | "closed"): void {
    const { socket } = this;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.hurry);
    this.socket = null;
    this.held = null;
    this.state = state;
    socket?.close();
  }

  private become(state: LineState): void {
    this.state = state;
    this.listener.state(state);
  }

  private readonly hurry = (): void => {
    if (this.state === "offline") this.connect();
  };

  private connect(): void {
    clearTimeout(this.timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const path = `/api/documents/${encodeURIComponent(this.document)}/socket?after=${this.seq}`;
    const socket = new WebSocket(`${scheme}://${location.host}${path}`);
    this.socket = socket;
    this.newest = null;
    this.become("connecting");
    socket.onmessage = (event) => {
      if (socket === this.socket) this.take(JSON.parse(String(event.data)) as ServerMessage);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.broken();
    };
  }

  private broken(): void {
    const refused = this.state === "connecting";
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    clearTimeout(this.timer);
    this.socket = null;
    this.held = null;
    this.failures += 1;
    this.timer = setTimeout(() => this.connect(), pause);
    this.become("offline");
    if (refused) void this.ask(); // a browser does not tell why: the studio may be away, or the document gone
  }

  /** The document as it is now; null where the studio does not tell. Where it has no such document this line is at its end. */
  private async ask(): Promise<Snapshot | null> {
    try {
      return await fetchSnapshot(this.document);
    } catch (error) {
      const final = this.state === "gone" || this.state === "closed";
      if (final || !(error instanceof Refusal)) return null;
      if (error.status === 404) {
        this.end("gone");
        this.listener.state("gone");
      } else if (error.problem.id === "document" || error.status === 401) this.blame(error.problem);
      else this.blame(null);
      return null;
    }
  }

  private blame(problem: Problem | null): void {
    if (problem?.what === this.problem?.what) return;
    this.problem = problem;
    this.listener.state(this.state);
  }

  private async fetch(held: ServerMessage[]): Promise<void> {
    const now = await this.ask();
    if (this.held !== held) return; // the line has ended, or broken, in the meantime
    if (now === null) {
      this.timer = setTimeout(() => void this.fetch(held), AGAIN);
      return;
    }
    this.held = null;
    this.newest = null;
    this.seq = now.seq;
    this.listener.snapshot(now);
    for (const message of held) this.take(message);
    this.newest = this.seq;
    this.settle();
  }

  private take(message: ServerMessage): void {
    if (message.is === "hello") {
      this.failures = 0;
      this.problem = null;
      this.newest = message.seq;
      this.become("behind");
    } else if (message.is === "reset") this.refresh();
    else if (this.held) this.held.push(message);
    else this.tell(message);
    this.settle();
  }

  private tell(message: ServerMessage): void {
    const { seq } = message;
    const toThisPageAlone = message.is === "refused" || message.is === "repeated" || message.is === "problem";
    if (!toThisPageAlone && seq <= this.seq) return;
    this.seq = Math.max(this.seq, seq);
    this.listener.message(message);
  }

  private settle(): void {
    if (this.state !== "behind" || this.held || this.newest === null || this.seq < this.newest) return;
    this.become("level");
  }
}
