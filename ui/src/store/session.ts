// The open document and its line to the server: opens, closes, and hands messages to the stores.

import { create } from "zustand";
import { Connection, type Link } from "../api/connection";
import type { ClientMessage, Json, ServerMessage, Snapshot } from "../api/generated";
import { getJson, Refusal } from "../api/http";
import { EditError } from "../graph/errors";
import { blank, carryWith, dropEdit, type Pending, takeEdit, takeSnapshot, useDocument } from "./document";
import { leave, left } from "./leaving";
import { notify, notifyProblem, settle } from "./notices";
import { useSelection } from "./selection";
import { noStatus, takeChecked, takeEvent, takeRun, takeStatus, useStatus } from "./status";

export const useLink = create<{ link: Link }>()(() => ({ link: "connecting" as Link }));

let line: Connection | null = null;
/** said while the line was being made, or what was missed was still coming: sent as soon as the page is level */
let waiting: ClientMessage[] = [];

// A page with edits that the studio does not have asks before it goes.
window.addEventListener("beforeunload", (event) => {
  const unsent = useLink.getState().link === "offline" ? useDocument.getState().pending.length : 0;
  if (unsent + left() > 0) event.preventDefault();
});

/** Open a document; what was open is closed. */
export async function openDocument(id: string): Promise<void> {
  closeDocument();
  useDocument.setState({ ...blank, id });
  try {
    const snapshot = await fetchSnapshot(id);
    if (useDocument.getState().id !== id) return; // another one was opened meanwhile
    takeSnapshot(snapshot);
    takeStatus(snapshot);
    line = new Connection(id, snapshot.seq, {
      message: take,
      caughtUp,
      reset,
      link: takeLink,
    });
    carryWith({ edit, step });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    useDocument.setState({ phase: "failed", problem: error.problem });
  }
}

export function closeDocument(): void {
  const { id, pending, revision } = useDocument.getState();
  if (line && id && pending.length > 0) leave(line, pending, revision, () => fetchSnapshot(id));
  else line?.close();
  line = null;
  waiting = [];
  carryWith(null);
  useDocument.setState(blank);
  useStatus.setState(noStatus, true);
  useSelection.setState({ ids: [], wires: [], looked: null, setting: null });
}

const fetchSnapshot = (id: string): Promise<Snapshot> => getJson(`/api/documents/${encodeURIComponent(id)}`);

function edit({ client, op, group }: Pending, base: number): void {
  line?.send({ do: "edit", op, client, base, group }); // where the line is down, `caughtUp` sends it
}

function step(which: "undo" | "redo"): void {
  tell({ do: which, client: crypto.randomUUID() });
}

/** Send something that is not kept for long: the person is told where it cannot be sent. */
function tell(message: ClientMessage): void {
  if (line?.send(message)) return;
  if (line && useLink.getState().link !== "offline") waiting.push(message);
  else sayOffline();
}

const sayOffline = (): void =>
  notify({ tone: "bad", text: "The studio is not connected just now.", remedy: "Try again in a moment." });

function takeLink(link: Link): void {
  useLink.setState({ link });
  if (link !== "offline" || waiting.length === 0) return;
  waiting = [];
  sayOffline();
}

/** Run what is stale; with targets, only what these need. */
export const run = (targets: string[] | null = null, again = false): void => tell({ do: "run", targets, again });
export const cancel = (): void => tell({ do: "cancel" });
export const trust = (): void => tell({ do: "trust" });

/** Points chosen in a chart of the node with this path. */
export const selectRows = (node: string, value: Json): void =>
  tell({ do: "selection", node, value, client: crypto.randomUUID() });

function caughtUp(): void {
  const { pending, revision } = useDocument.getState();
  for (const one of pending) edit(one, revision);
  for (const message of waiting.splice(0)) line?.send(message);
  look();
}

function look(): void {
  const at = useSelection.getState().looked;
  line?.send({ do: "look", at: at?.port ? at : null }); // a node without outputs has nothing to be kept fresh
}
useSelection.subscribe((now, before) => {
  if (now.looked !== before.looked) look();
});

async function reset(): Promise<void> {
  const { id } = useDocument.getState();
  try {
    const snapshot = await fetchSnapshot(id);
    takeSnapshot(snapshot);
    takeStatus(snapshot);
    line?.resume(snapshot.seq);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 404) {
      line?.close();
      notify({
        tone: "bad",
        text: "This workflow is no longer open in the studio.",
        remedy: "Open it again from the start page; your edits on this page can still be copied.",
      });
    } else setTimeout(reset, 1000);
  }
}

function take(message: ServerMessage): void {
  switch (message.is) {
    case "edited": {
      const { op, client, revision, can_undo: canUndo, can_redo: canRedo, needs_trust: needsTrust } = message;
      try {
        takeEdit({ op, client, revision, canUndo, canRedo, needsTrust });
      } catch (error) {
        if (!(error instanceof EditError)) throw error;
        line?.hold(); // this page's document is not the server's: take the server's
        void reset();
      }
      break;
    }
    case "refused":
      dropEdit(message.client);
      notifyProblem(message.problem);
      break;
    case "checked":
      takeChecked(message);
      break;
    case "event":
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
      break; // the connection's own affair
  }
}
