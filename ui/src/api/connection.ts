// One websocket to one document. Where it breaks it is made again, and the server sends what was missed.

import type { ClientMessage, ServerMessage } from "./generated";

export type Link = "connecting" | "open" | "offline";

export interface Listener {
  /** A message, in order, none twice. */
  message(message: ServerMessage): void;
  /** All that was missed has arrived: what was sent and is not confirmed by now never reached the server. */
  caughtUp(): void;
  /** What was missed is no longer known: fetch the snapshot, and say `resume` with its number. */
  reset(): void;
  link(state: Link): void;
}

const PAUSES = [250, 500, 1000, 2000, 4000];

export class Connection {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private closed = false;
  private newest: number | null = null;
  /** what came after a reset, until the snapshot is there */
  private held: ServerMessage[] | null = null;
  private level = false;

  constructor(
    private readonly document: string,
    private seq: number,
    private listener: Listener,
  ) {
    this.connect();
    window.addEventListener("online", this.hurry);
  }

  /** Send; false where the line is down. */
  send(message: ClientMessage): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN || !this.level) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Keep messages back until `resume`. */
  hold(): void {
    this.held = [];
  }

  /** After a reset: go on from the snapshot with this number. */
  resume(seq: number): void {
    this.seq = seq;
    this.newest = Math.min(this.newest ?? seq, seq);
    const held = this.held ?? [];
    this.held = null;
    for (const message of held) this.tell(message);
    this.settle();
  }

  /** Go on for somebody else; false where nothing is left to wait for: what was sent is on its way. */
  handOver(listener: Listener): boolean {
    this.listener = listener;
    return !this.level;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.hurry);
    this.socket?.close();
  }

  private readonly hurry = (): void => {
    if (this.socket === null) this.connect();
  };

  private connect(): void {
    clearTimeout(this.timer);
    if (this.closed) return;
    this.listener.link("connecting");
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const path = `/api/documents/${encodeURIComponent(this.document)}/socket?after=${this.seq}`;
    const socket = new WebSocket(`${scheme}://${location.host}${path}`);
    this.socket = socket;
    this.level = false;
    this.newest = null;
    this.held = null;
    socket.onmessage = (event) => {
      if (socket === this.socket) this.take(JSON.parse(String(event.data)) as ServerMessage);
    };
    socket.onclose = () => {
      if (socket !== this.socket) return;
      this.socket = null;
      this.level = false;
      if (this.closed) return;
      this.listener.link("offline");
      const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
      this.failures += 1;
      this.timer = setTimeout(() => this.connect(), pause);
    };
  }

  private take(message: ServerMessage): void {
    if (message.is === "hello") {
      this.failures = 0;
      this.newest = message.seq;
      this.listener.link("open");
    } else if (message.is === "reset") {
      this.hold();
      this.listener.reset();
    } else if (this.held) this.held.push(message);
    else this.tell(message);
    this.settle();
  }

  private tell(message: ServerMessage): void {
    const own = message.is === "refused" || message.is === "problem"; // told to this page alone, numbered or not
    if (!own && message.seq <= this.seq) return;
    this.seq = Math.max(this.seq, message.seq);
    this.listener.message(message);
  }

  private settle(): void {
    if (this.level || this.held || this.newest === null || this.seq < this.newest) return;
    this.level = true;
    this.listener.caughtUp();
  }
}
