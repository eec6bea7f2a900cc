// A document that is left before the studio has answered its edits.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useDocument } from "./document";
import { left, takeBack } from "./leaving";
import { useNotices } from "./notices";
import { closeDocument, openDocument, run } from "./session";
import { Desk, problem, refusal, Socket, settled, snapshotOf } from "./studioEnd";

let desk = new Desk();
const entitle = (title: string) => useDocument.getState().apply({ op: "entitle", within: "", title });
const told = (socket: Socket, title: string, client: string | undefined, seq: number) =>
  socket.tell({ is: "edited", seq, op: { op: "entitle", within: "", title }, client, revision: 7 });
const notices = () => useNotices.getState().notices.map((one) => one.text);
const asks = (): boolean => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));

beforeEach(async () => {
  vi.useFakeTimers();
  desk = new Desk();
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("fetch", desk.fetch);
  await openDocument("d");
});
afterEach(() => {
  closeDocument();
  for (const id of ["d", "e"]) takeBack(id);
  useNotices.setState({ notices: [] });
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("edits of a document that was left", () => {
  it("are sent as soon as the line stands, but for those that had arrived, and the line is closed once they are answered", () => {
    entitle("A");
    entitle("B");
    const [first, second] = useDocument.getState().pending;
    closeDocument();
    Socket.last.greet(11);
    expect(Socket.last.sent).toEqual([]);
    told(Socket.last, "A", first?.client, 11);
    expect(Socket.last.edits).toMatchObject([{ op: { title: "B" }, base: 7 }]);
    expect(Socket.last.readyState).toBe(1);
    told(Socket.last, "B", second?.client, 12);
    expect(Socket.last.readyState).toBe(3);
    expect(left()).toBe(0);
  });

  it("are waited for where the studio is away, and the page asks before it goes", () => {
    Socket.last.greet(10);
    Socket.last.breakOff();
    entitle("A");
    const [edit] = useDocument.getState().pending;
    closeDocument();
    expect(notices()).toEqual([
      "Edits of “A” wait for the studio: leave this page open, they are sent when it is back.",
    ]);
    expect(asks()).toBe(true);
    vi.advanceTimersByTime(5000);
    Socket.last.greet(10);
    expect(Socket.last.said).toEqual(["edit"]);
    expect(asks()).toBe(true); // it may still be refused
    told(Socket.last, "A", edit?.client, 11);
    expect(asks()).toBe(false);
  });

  it("are sent again where the line breaks before the answer", () => {
    Socket.last.greet(10);
    entitle("A");
    const [edit] = useDocument.getState().pending;
    closeDocument();
    Socket.last.breakOff();
    vi.advanceTimersByTime(250);
    Socket.last.greet(10);
    expect(Socket.last.edits).toMatchObject([{ client: edit?.client }]);
    Socket.last.tell({ is: "repeated", seq: 10, client: edit?.client });
    expect(Socket.last.readyState).toBe(3);
    expect(left()).toBe(0);
  });

  it("are told of where the studio refuses them on their way", () => {
    Socket.last.greet(10);
    entitle("A");
    const [edit] = useDocument.getState().pending;
    closeDocument();
    Socket.last.tell({ is: "refused", seq: 10, client: edit?.client, problem, revision: 0 });
    expect(notices()).toEqual(["An edit of “A” could not be kept: No."]);
    expect(left()).toBe(0);
  });

  it("wait for the snapshot where what was missed is lost, however often it has to be asked for", async () => {
    entitle("A");
    closeDocument();
    desk.answer = () => refusal(503);
    Socket.last.greet(50);
    Socket.last.tell({ is: "reset", seq: 50 });
    await settled();
    expect(Socket.last.sent).toEqual([]);
    desk.answer = (id) => Response.json(snapshotOf(id, { seq: 50, revision: 3 }));
    await vi.advanceTimersByTimeAsync(1000);
    await settled();
    expect(Socket.last.edits).toMatchObject([{ op: { title: "A" }, base: 3 }]);
  });

  it("do not disturb the document that is opened next, whenever the snapshot comes", async () => {
    entitle("A");
    const first = Socket.last;
    desk.answer = (id) => Response.json(snapshotOf(id, { seq: 50, revision: 3, title: id }));
    desk.holds = true;
    first.greet(50);
    first.tell({ is: "reset", seq: 50 }); // the studio was started anew
    const opening = openDocument("e");
    await desk.release();
    await opening;
    expect(useDocument.getState()).toMatchObject({ id: "e", title: "e", pending: [] });
    expect(Socket.last.url).toContain("/e/socket?after=50");
    expect(first.edits).toMatchObject([{ op: { title: "A" }, base: 3 }]);
    Socket.last.greet(50);
    expect(Socket.last.said).toEqual([]);
  });

  it("are told to be lost where the document is gone, and waited for no longer", async () => {
    Socket.last.greet(10);
    Socket.last.breakOff();
    entitle("A");
    entitle("B");
    closeDocument();
    useNotices.setState({ notices: [] });
    desk.answer = () => refusal(404);
    vi.advanceTimersByTime(250);
    Socket.last.breakOff();
    await settled();
    expect(notices()).toEqual(["2 edits of “B” could not be kept: it is no longer in the studio."]);
    expect(asks()).toBe(false);
    const last = Socket.last;
    vi.advanceTimersByTime(60_000);
    expect(Socket.last).toBe(last);
  });

  it("come back to the page that opens it again, before what is done there", async () => {
    Socket.last.greet(10);
    Socket.last.breakOff();
    entitle("A");
    closeDocument();
    vi.advanceTimersByTime(250);
    const old = Socket.last;
    await openDocument("d");
    expect(useDocument.getState()).toMatchObject({ document: { title: "A" }, saved: false, canUndo: true });
    expect([left(), old.readyState]).toEqual([0, 3]);
    entitle("B");
    old.greet(10);
    expect(old.sent).toEqual([]);
    Socket.last.greet(10);
    expect(Socket.last.edits.map((one) => one.op)).toMatchObject([{ title: "A" }, { title: "B" }]);
  });
});

it("what was said before the line stood is given up with its document, and the person is told", () => {
  run();
  closeDocument();
  expect(notices()).toEqual(["The studio is not connected just now."]);
});
