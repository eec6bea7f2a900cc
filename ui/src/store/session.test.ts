// What is said while the line to the studio is being made, and when it breaks.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClientMessage, Snapshot } from "../api/generated";
import { blank, useDocument } from "./document";
import { useNotices } from "./notices";
import { cancel, closeDocument, openDocument, run, trust, useLink } from "./session";
import { noStatus } from "./status";

/** The browser's end of a websocket; the test is the other end. */
class Socket {
  static readonly OPEN = 1;
  static last: Socket;
  readyState = 0;
  sent: ClientMessage[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor(readonly url: string) {
    Socket.last = this;
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
}

const snapshot = {
  id: "d",
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
} as Snapshot;
const notices = () => useNotices.getState().notices.map((one) => one.text);

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("fetch", async () => Response.json(snapshot));
  await openDocument("d");
});
afterEach(() => {
  closeDocument();
  useNotices.setState({ notices: [] });
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("what is said before the line stands", () => {
  it("is sent in its order when it does, and once", () => {
    run(["a"]);
    cancel();
    expect(Socket.last.said).toEqual([]);
    Socket.last.greet(10);
    expect(Socket.last.said).toEqual(["run", "cancel"]);
    expect(Socket.last.sent[0]).toEqual({ do: "run", targets: ["a"], again: false });
    trust();
    expect(Socket.last.said).toEqual(["run", "cancel", "trust"]);
    expect(notices()).toEqual([]);
  });

  it("waits until all that was missed has arrived", () => {
    run();
    Socket.last.greet(11);
    expect(Socket.last.said).toEqual([]);
    Socket.last.tell({ is: "trusted", seq: 11 });
    expect(Socket.last.said).toEqual(["run"]);
  });

  it("waits too where it is said while what was missed is still coming", () => {
    Socket.last.greet(11);
    run();
    expect(notices()).toEqual([]);
    Socket.last.tell({ is: "trusted", seq: 11 });
    expect(Socket.last.said).toEqual(["run"]);
  });

  it("is given up where the line breaks first, and the person is told", () => {
    run();
    run();
    Socket.last.breakOff();
    expect(useLink.getState().link).toBe("offline");
    expect(notices()).toEqual(["The studio is not connected just now."]);
    const before = Socket.last;
    vi.advanceTimersByTime(5000);
    expect(Socket.last).not.toBe(before);
    Socket.last.greet(10);
    expect(Socket.last.said).toEqual([]);
  });

  it("is taken back where the studio refuses it, and the rest is still saved", () => {
    Socket.last.greet(10);
    useDocument.getState().apply({ op: "entitle", within: "", title: "T" });
    expect(useDocument.getState().saved).toBe(false);
    const [edit] = Socket.last.sent.filter((one) => one.do === "edit");
    const problem = { id: "edit", what: "No.", remedy: "", setting: null, trace: null, position: null };
    Socket.last.tell({ is: "refused", seq: 10, client: edit?.client, problem, revision: 0 });
    expect(useDocument.getState()).toMatchObject({ saved: true, pending: [], document: { title: "" } });
    expect(notices()).toEqual(["No."]);
  });

  it("is no longer told to be refused once the workflow is trusted", () => {
    Socket.last.greet(10);
    const told = (id: string, what: string) => {
      const problem = { id, what, remedy: "", setting: null, trace: null, position: null };
      Socket.last.tell({ is: "refused", seq: 10, client: "", problem, revision: 0 });
    };
    told("untrusted", "It comes from elsewhere.");
    told("edit", "Something else.");
    Socket.last.tell({ is: "trusted", seq: 11 });
    expect(notices()).toEqual(["Something else."]);
  });

  it("is not said to another document", async () => {
    run();
    await openDocument("e");
    Socket.last.greet(10);
    expect(Socket.last.url).toContain("/e/socket");
    expect(Socket.last.said).toEqual([]);
  });

  it("is told to the person while there is no line", () => {
    Socket.last.greet(10);
    Socket.last.breakOff();
    run();
    expect(notices()).toEqual(["The studio is not connected just now."]);
  });
});

describe("a document that is left with edits the studio does not have", () => {
  const entitle = (title: string) => useDocument.getState().apply({ op: "entitle", within: "", title });

  it("has them sent as soon as the line stands, without those that had arrived, and is closed then", () => {
    entitle("A");
    entitle("B");
    const [first] = useDocument.getState().pending;
    closeDocument();
    Socket.last.greet(11);
    expect(Socket.last.sent).toEqual([]);
    const op = { op: "entitle", within: "", title: "A" };
    Socket.last.tell({ is: "edited", seq: 11, op, client: first?.client, revision: 7 });
    expect(Socket.last.sent).toMatchObject([{ do: "edit", op: { title: "B" }, base: 7 }]);
    expect(Socket.last.readyState).toBe(3);
  });

  it("is waited for where the studio is away, and the page asks before it goes", () => {
    Socket.last.greet(10);
    Socket.last.breakOff();
    entitle("A");
    closeDocument();
    const going = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(going);
    expect(going.defaultPrevented).toBe(true);
    vi.advanceTimersByTime(5000);
    Socket.last.greet(10);
    expect(Socket.last.said).toEqual(["edit"]);
    const gone = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(gone);
    expect(gone.defaultPrevented).toBe(false);
  });

  it("is closed at once where they are on their way", () => {
    Socket.last.greet(10);
    entitle("A");
    closeDocument();
    expect(Socket.last.said).toEqual(["edit"]);
    expect(Socket.last.readyState).toBe(3);
  });
});
