// The open document and its line to the server: opens, closes, and hands messages to the stores.

import { create } from "zustand";
import type { ClientMessage, Json, Problem, ServerMessage, Snapshot } from "../api/generated";
import { Refusal } from "../api/http";
import { fetchSnapshot, Line, type LineState } from "../api/line";
import { EditError } from "../graph/errors";
import { sessionTexts as texts } from "../texts/session";
import { blank, carryWith, dropEdit, editMessage, type Pending, takeEdit, takeSnapshot, useDocument } from "./document";
import { settleDrafts } from "./drafts";
import { leave, left, takeBack } from "./leaving";
import { notify, notifyProblem, settle } from "./notices";
import { useSelection } from "./selection";
import { chooseAgain, keptWithin } from "./standing";
import { leaveStatus, takeChecked, takeEvent, takeRun, takeStatus } from "./status";
import { tryNode, untouchAll } from "./touched";

interface Link {
  link: LineState;
  /** why the studio, which is there, cannot open the document */
  problem: Problem | null;
}
const connecting: Link = { link: "connecting", problem: null };
export const useLink = create<Link>()(() => connecting);

let line: Line | null = null;
/** said while the line was being made, or what was missed was still coming: sent as soon as the page is level */
let waiting: ClientMessage[] = [];
/** counts documents opened and closed: what was asked for an earlier one comes too late */
let visits = 0;

/** How many edits, of the open document and of those left before, the studio has not answered. */
export const unanswered = (): number => useDocument.getState().pending.length + left();

// A page with edits that the studio may not have asks before it goes.
window.addEventListener("beforeunload", (event) => {
  settleDrafts();
  if (unanswered() > 0) event.preventDefault();
});

/** Open a document; what was open is closed. */
export async function openDocument(id: string): Promise<void> {
  closeDocument();
  const visit = visits;
  useDocument.setState({ ...blank, id, within: keptWithin(id) });
  try {
    const now = await fetchSnapshot(id);
    if (visit !== visits) return;
    useDocument.setState(({ pending }) => ({ pending: [...takeBack(id), ...pending] }));
    takeSnapshot(now);
    chooseAgain();
    takeStatus(now);
    line = new Line(id, now.seq, { message: take, snapshot, state: takeLink });
    carryWith({ takes, edit, step });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (visit === visits) useDocument.setState({ phase: "failed", problem: error.problem });
  }
}

export function closeDocument(): void {
  const { pending, revision, document, title } = useDocument.getState();
  if (line && pending.length > 0) leave(line, document.title || title, pending, revision);
  else line?.close();
  line = null;
  visits += 1;
  giveUpWaiting();
  carryWith(null);
  useLink.setState(connecting);
  useDocument.setState(blank);
  leaveStatus();
  untouchAll();
  useSelection.setState({ ids: [], wires: [], looked: null, setting: null });
}

function takes(): boolean {
  if (line?.state !== "gone") return true;
  sayGone();
  return false;
}

function edit(pending: Pending, base: number): void {
  line?.send(editMessage(pending, base)); // where the line is not level, it is sent once it is
}

function step(which: "undo" | "redo"): void {
  tell({ do: which, client: crypto.randomUUID() });
}

/** Send something that is not kept for long: the person is told where it cannot be sent. */
function tell(message: ClientMessage): void {
  if (!takes() || line?.send(message)) return;
  if (line && line.state !== "offline") waiting.push(message);
  else sayOffline();
}

const sayOffline = (): void => notify({ tone: "bad", text: texts.offline, remedy: texts.offlineRemedy });
const sayGone = (): void => notify({ tone: "bad", text: texts.gone, remedy: texts.goneRemedy });

function giveUpWaiting(): void {
  if (waiting.length > 0) sayOffline();
  waiting = [];
}

function takeLink(link: LineState): void {
  useLink.setState({ link, problem: line?.problem ?? null });
  if (link === "level") sendAll();
  if (link === "offline" || link === "gone") giveUpWaiting();
}

function sendAll(): void {
  const { pending, revision } = useDocument.getState();
  for (const one of pending) edit(one, revision);
  for (const message of waiting.splice(0)) line?.send(message);
  look();
}

function snapshot(now: Snapshot): void {
  takeSnapshot(now);
  takeStatus(now);
}

/** Run what is stale; with targets, only what these need. */
export function run(targets: string[] | null = null, again = false): void {
  settleDrafts();
  tell({ do: "run", targets, again });
}
export const cancel = (): void => tell({ do: "cancel" });
/** Let a node at work end at its next good point; the run goes on with what there is by then. */
export const haveEnough = (node: string): void => tell({ do: "enough", node });
export const trust = (): void => tell({ do: "trust" });

/** Points chosen in a chart of the node with this path. */
export const selectRows = (node: string, value: Json): void =>
  tell({ do: "selection", node, value, client: crypto.randomUUID() });

function look(): void {
  const at = useSelection.getState().looked;
  line?.send({ do: "look", at: at?.port ? at : null }); // a node without outputs has nothing to be kept fresh
}
useSelection.subscribe((now, before) => {
  if (now.looked !== before.looked) look();
});

function take(message: ServerMessage): void {
  switch (message.is) {
    case "edited": {
      const { op, client, revision, can_undo: canUndo, can_redo: canRedo, needs_trust: needsTrust } = message;
      try {
        takeEdit({ op, client, revision, canUndo, canRedo, needsTrust });
      } catch (error) {
        if (!(error instanceof EditError)) throw error;
        line?.refresh(); // this page's document is not the server's: take the server's
      }
      break;
    }
    case "refused":
      dropEdit(message.client);
      notifyProblem(message.problem);
      break;
    case "repeated":
      dropEdit(message.client);
      break;
    case "checked":
      takeChecked(message);
      break;
    case "event":
      if (message.event.event === "failed" && message.event.node) tryNode(message.event.node);
      takeEvent(message.event);
      break;
    case "run":
      takeRun({ state: message.state, targets: message.targets, started_at: message.started_at });
      break;
    case "saved":
      useDocument.setState(({ pending }) => ({
        path: message.path,
        title: message.title,
        saved: message.saved && pending.length === 0,
        savedThere: message.saved,
        savedAt: message.at,
      }));
      break;
    case "trusted":
      useDocument.setState({ trusted: true, needsTrust: false });
      settle("untrusted");
      break;
    case "problem":
      notifyProblem(message.problem);
      break;
    case "hello":
    case "reset":
      break; // the line's own affair
  }
}
