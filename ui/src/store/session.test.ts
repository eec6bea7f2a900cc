// What is said while the line to the studio is being made, and when it breaks.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useDocument } from "./document";
import { wait } from "./drafts";
import { takeBack } from "./leaving";
import { useNotices } from "./notices";
import { cancel, closeDocument, haveEnough, openDocument, run, trust, useLink } from "./session";
import { Desk, problem, refusal, Socket, settled, snapshotOf } from "./studioEnd";

let desk = new Desk();
const entitle = (title: string) => useDocument.getState().apply({ op: "entitle", within: "", title });
const named = (title: string) => ({ ...useDocument.getState().confirmed, title });
const notices = () => useNotices.getState().notices.map((one) => one.text);

/** Whether the page would ask if it went now. */
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
  takeBack("d");
  useNotices.setState({ notices: [] });
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("what is said", () => {
  it("is sent in its order when it does, and once", () => {
    run(["a"]);
    cancel();
    expect(Socket.last.said).toEqual([]);
    Socket.last.greet(10);
    expect(Socket.last.said).toEqual(["run", "cancel"]);
    expect(Socket.last.sent[0]).toEqual({ do: "run", targets: ["a"], again: false });
    trust();
    haveEnough("a/b");
    expect(Socket.last.said).toEqual(["run", "cancel", "trust", "enough"]);
    expect(Socket.last.sent.at(-1)).toEqual({ do: "enough", node: "a/b" });
    expect(notices()).toEqual([]);
  });

  it("comes after what was typed and has not taken effect yet", () => {
    Socket.last.greet(10);
    wait(() => entitle("T"));
    run();
    run();
    expect(Socket.last.said).toEqual(["edit", "run", "run"]);
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
    entitle("T");
    expect(useDocument.getState().saved).toBe(false);
    const [edit] = Socket.last.sent.filter((one) => one.do === "edit");
    Socket.last.tell({ is: "refused", seq: 10, client: edit?.client, problem, revision: 0 });
    expect(useDocument.getState()).toMatchObject({ saved: true, pending: [], document: { title: "" } });
    expect(notices()).toEqual(["No."]);
  });

  it("is no longer told to be refused once the workflow is trusted", () => {
    Socket.last.greet(10);
    const told = (id: string, what: string) => {
      Socket.last.tell({ is: "refused", seq: 10, client: "", problem: { ...problem, id, what }, revision: 0 });
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

describe("edits that the studio has not answered", () => {
  it("are kept where what was missed is lost, and those that it had are not asked twice", async () => {
    Socket.last.greet(10);
    entitle("A");
    entitle("B");
    const [first] = useDocument.getState().pending;
    desk.answer = (id) => Response.json(snapshotOf(id, { seq: 50, revision: 1, document: named("A") }));
    Socket.last.breakOff();
    vi.advanceTimersByTime(250);
    Socket.last.greet(50);
    Socket.last.tell({ is: "reset", seq: 50 });
    await settled();
    expect(Socket.last.edits).toMatchObject([{ op: { title: "A" } }, { op: { title: "B" }, base: 1 }]);
    Socket.last.tell({ is: "repeated", seq: 50, client: first?.client });
    expect(useDocument.getState()).toMatchObject({ pending: [{ op: { title: "B" } }], document: { title: "B" } });
  });

  it("are refused by the studio alone: what does not fit any more still reaches it, and the person is told", () => {
    useDocument.getState().apply({ op: "add", id: "n", node: { type: "t" } });
    useDocument.getState().apply({ op: "rename", within: "", node: "n", title: "N" });
    const [add] = useDocument.getState().pending;
    Socket.last.greet(11);
    const op = { op: "add", within: "", id: "n", node: { type: "other" }, place: null };
    Socket.last.tell({ is: "edited", seq: 11, op, client: "somebody", revision: 1 });
    expect(Socket.last.edits).toHaveLength(2);
    Socket.last.tell({ is: "refused", seq: 11, client: add?.client, problem, revision: 1 });
    expect(useDocument.getState().pending).toMatchObject([{ op: { op: "rename" } }]);
    expect(notices()).toEqual(["No."]);
  });

  it.each(["connecting", "behind", "level", "offline"])("make the page ask before it goes: %s", (state) => {
    if (state !== "connecting") Socket.last.greet(state === "behind" ? 11 : 10);
    if (state === "offline") Socket.last.breakOff();
    expect(useLink.getState().link).toBe(state);
    expect(asks()).toBe(false);
    entitle("A");
    expect(asks()).toBe(true);
  });

  it("go over one line, however late the answer to an earlier visit comes", async () => {
    desk.holds = true;
    const both = [openDocument("d"), openDocument("d")];
    const before = Socket.made;
    await desk.release();
    await Promise.all(both);
    expect(Socket.made).toBe(before + 1);
  });
});

describe("a document whose file is damaged while the studio is away", () => {
  const damaged = () =>
    Response.json({ problem: { ...problem, id: "document", what: "It is not JSON." } }, { status: 400 });
  const tried = async (): Promise<void> => {
    vi.advanceTimersByTime(5000);
    Socket.last.breakOff();
    await settled();
  };

  it("is told with what is wrong, tried again, and goes on with its edits once it is mended", async () => {
    Socket.last.greet(10);
    Socket.last.breakOff();
    entitle("A");
    desk.answer = damaged;
    await tried();
    expect(useLink.getState()).toMatchObject({ link: "offline", problem: { what: "It is not JSON." } });
    vi.advanceTimersByTime(5000);
    expect(useLink.getState()).toMatchObject({ link: "connecting", problem: { what: "It is not JSON." } });
    Socket.last.greet(10);
    expect(useLink.getState()).toEqual({ link: "level", problem: null });
    expect(Socket.last.edits).toMatchObject([{ op: { title: "A" } }]);
  });

  it("is no longer told where the studio itself is away", async () => {
    Socket.last.greet(10);
    Socket.last.breakOff();
    desk.answer = damaged;
    await tried();
    desk.answer = () => refusal(500);
    await tried();
    expect(useLink.getState()).toEqual({ link: "offline", problem: null });
  });

  it("is told that a studio started anew does not know the page, until it does", async () => {
    Socket.last.greet(10);
    Socket.last.breakOff();
    desk.answer = () => refusal(401);
    await tried();
    expect(useLink.getState()).toMatchObject({ link: "offline", problem: { what: "No." } });
    vi.advanceTimersByTime(5000);
    Socket.last.greet(10);
    expect(useLink.getState()).toEqual({ link: "level", problem: null });
  });
});

describe("a document that the studio has no more", () => {
  const gone = async (): Promise<void> => {
    Socket.last.greet(10);
    desk.answer = () => refusal(404);
    Socket.last.breakOff();
    vi.advanceTimersByTime(250);
    Socket.last.breakOff(); // a browser does not tell why
    await settled();
  };

  it("is tried no longer, and nothing that is said is swallowed", async () => {
    await gone();
    expect(useLink.getState().link).toBe("gone");
    const last = Socket.last;
    vi.advanceTimersByTime(60_000);
    expect(Socket.last).toBe(last);
    for (const say of [run, trust, cancel, () => entitle("A")]) {
      useNotices.setState({ notices: [] });
      say();
      expect(notices()).toEqual(["This workflow is no longer in the studio."]);
    }
    expect(useDocument.getState().pending).toEqual([]);
  });

  it("is tried for as long as the studio only does not answer", async () => {
    Socket.last.greet(10);
    desk.answer = () => refusal(401); // started anew: it knows this page again once its address was opened
    for (let k = 0; k < 5; k += 1) {
      Socket.last.breakOff();
      await settled();
      expect(useLink.getState().link).toBe("offline");
      vi.advanceTimersByTime(5000);
    }
    Socket.last.greet(10);
    expect(useLink.getState().link).toBe("level");
  });

  it("takes edits along that were under way, and the person is told when the page is left", async () => {
    Socket.last.greet(10);
    entitle("A");
    await gone();
    expect(asks()).toBe(true); // they can still be copied
    closeDocument();
    expect(notices()).toEqual(["An edit of “A” could not be kept: it is no longer in the studio."]);
    expect(asks()).toBe(false);
  });
});
