// The open document: as the server confirmed it, and with this page's own edits, which are applied at once.

import { create } from "zustand";
import type { ClientMessage, Op, Problem, Snapshot } from "../api/generated";
import { apply, level } from "../graph/apply";
import { type Document, documentOf } from "../graph/document";
import { EditError } from "../graph/errors";
import { placed } from "../graph/ops";
import { notify } from "./notices";

export interface Pending {
  client: string;
  op: Op;
  group: string;
}

/** base: revision of the document that it follows. */
export const editMessage = ({ client, op, group }: Pending, base: number): ClientMessage => ({
  do: "edit",
  op,
  client,
  base,
  group,
});

interface DocumentState {
  /** id of the open document, "" where none is */
  id: string;
  phase: "loading" | "ready" | "failed";
  problem: Problem | null;
  revision: number;
  /** as the page shows it: confirmed, and then what is on its way */
  document: Document;
  confirmed: Document;
  /** own edits that the studio has not answered */
  pending: readonly Pending[];
  /** path of the component that is looked into, "" for the workflow itself */
  within: string;
  path: string | null;
  title: string;
  saved: boolean;
  /** The server has put all that it knows of into the file. */
  savedThere: boolean;
  savedAt: number | null;
  trusted: boolean;
  needsTrust: boolean;
  canUndo: boolean;
  canRedo: boolean;
  /** Edit, on the level that is looked into where the edit names none. False (and a notice) where it does not fit. */
  apply(op: Op, group?: string): boolean;
  undo(): void;
  redo(): void;
  /** Look into a component; "" for the workflow itself. */
  enter(within: string): void;
}

/** What carries edits to the server; set while a document is open. */
export interface Carrier {
  /** Whether edits are still taken; where not, the person is told. */
  takes(): boolean;
  edit(pending: Pending, base: number): void;
  step(which: "undo" | "redo"): void;
}
let carrier: Carrier | null = null;
export const carryWith = (one: Carrier | null): void => {
  carrier = one;
};

const empty = documentOf({});

export const blank = {
  id: "",
  phase: "loading" as const,
  problem: null,
  revision: 0,
  document: empty,
  confirmed: empty,
  pending: [],
  within: "",
  path: null,
  title: "",
  saved: true,
  savedThere: true,
  savedAt: null,
  trusted: true,
  needsTrust: false,
  canUndo: false,
  canRedo: false,
};

export const useDocument = create<DocumentState>()((set, get) => ({
  ...blank,

  apply(op, group = "") {
    if (carrier?.takes() === false) return false;
    const state = get();
    const whole = placed(op, state.within);
    try {
      const [document] = apply(state.document, whole);
      const pending = { client: crypto.randomUUID(), op: whole, group };
      set({ document, pending: [...state.pending, pending], canUndo: true, canRedo: false, saved: false });
      carrier?.edit(pending, state.revision);
      return true;
    } catch (error) {
      if (!(error instanceof EditError)) throw error;
      notify({ tone: "bad", text: error.message });
      return false;
    }
  },

  undo() {
    if (get().canUndo) carrier?.step("undo");
  },

  redo() {
    if (get().canRedo) carrier?.step("redo");
  },

  enter(within) {
    level(get().document, within);
    set({ within });
  },
}));

/** The confirmed document with what is on its way. What does not fit any more is left out: the studio will refuse it. */
function withPending(confirmed: Document, pending: readonly Pending[]): Document {
  let document = confirmed;
  for (const one of pending) {
    try {
      [document] = apply(document, one.op);
    } catch (error) {
      if (!(error instanceof EditError)) throw error;
    }
  }
  return document;
}

/** The nearest level that is still there. */
function stillThere(document: Document, within: string): string {
  for (let path = within; path; path = path.slice(0, Math.max(0, path.lastIndexOf("/")))) {
    try {
      level(document, path);
      return path;
    } catch {
      // gone: look one level further out
    }
  }
  return "";
}

/** The server's word replaces everything; own edits that it has not answered are kept on top. */
export function takeSnapshot(snapshot: Snapshot): void {
  const { pending, within } = useDocument.getState();
  const confirmed = snapshot.document;
  const document = withPending(confirmed, pending);
  useDocument.setState({
    id: snapshot.id,
    phase: "ready",
    problem: null,
    revision: snapshot.revision,
    confirmed,
    document,
    within: stillThere(document, within),
    path: snapshot.path,
    title: snapshot.title,
    saved: snapshot.saved && pending.length === 0,
    savedThere: snapshot.saved,
    trusted: snapshot.trusted,
    needsTrust: snapshot.needs_trust,
    canUndo: snapshot.can_undo || pending.length > 0,
    canRedo: snapshot.can_redo,
  });
}

export interface Confirmed {
  op: Op;
  client: string;
  revision: number;
  canUndo: boolean;
  canRedo: boolean;
  needsTrust: boolean;
}

/** An edit as the server applied it: our own first one is only confirmed, a foreign one goes below ours. */
export function takeEdit(edit: Confirmed): void {
  const state = useDocument.getState();
  const [confirmed] = apply(state.confirmed, edit.op);
  const own = state.pending[0]?.client === edit.client;
  const pending = state.pending.filter((one) => one.client !== edit.client);
  const document = own ? state.document : withPending(confirmed, pending);
  useDocument.setState({
    confirmed,
    document: pending.length === 0 ? confirmed : document,
    pending,
    revision: edit.revision,
    within: stillThere(document, state.within),
    canUndo: edit.canUndo || pending.length > 0,
    canRedo: edit.canRedo,
    needsTrust: edit.needsTrust,
    saved: false,
    savedThere: false,
  });
}

/** An own edit was refused, or is confirmed already: it goes. */
export function dropEdit(client: string): void {
  const state = useDocument.getState();
  const pending = state.pending.filter((one) => one.client !== client);
  const document = withPending(state.confirmed, pending);
  const saved = state.savedThere && pending.length === 0;
  useDocument.setState({ document, pending, saved, within: stillThere(document, state.within) });
}

/** The workflow on the level that is looked into. */
export const levelOf = (state: DocumentState): Document => {
  try {
    return level(state.document, state.within);
  } catch {
    return state.document;
  }
};
export const useLevel = (): Document => useDocument(levelOf);
