// Edits of documents that were left before the studio had answered them: their line stays until it has.

import type { ServerMessage } from "../api/generated";
import type { Line } from "../api/line";
import { sessionTexts as texts } from "../texts/session";
import { editMessage, type Pending } from "./document";
import { notify } from "./notices";

interface Left {
  readonly line: Line;
  readonly title: string;
  /** not answered yet */
  edits: readonly Pending[];
  /** revision of the document that they follow */
  base: number;
}

/** by the document's id */
const lefts = new Map<string, Left>();

/** revision: of the document as it was left. */
export function leave(line: Line, title: string, edits: readonly Pending[], revision: number): void {
  const one: Left = { line, title, edits, base: revision };
  if (line.state === "gone") {
    lose(one);
    return;
  }
  lefts.set(line.document, one);
  if (line.state === "offline" || line.state === "connecting") notify({ tone: "info", text: texts.waiting(title) });
  line.handOver({
    message: (message) => hear(one, message),
    snapshot: (now) => {
      one.base = now.revision;
    },
    state(state) {
      if (state === "gone") lose(one);
      if (state === "level") for (const edit of one.edits) line.send(editMessage(edit, one.base));
    },
  });
}

/** The edits that a document was left with and that are not answered: whoever opens it again cares for them now. */
export function takeBack(document: string): readonly Pending[] {
  const one = lefts.get(document);
  if (one) end(one);
  return one?.edits ?? [];
}

/** How many edits of documents that were left are not answered. */
export const left = (): number => [...lefts.values()].reduce((sum, { edits }) => sum + edits.length, 0);

function hear(one: Left, message: ServerMessage): void {
  if (message.is === "edited") one.base = message.revision;
  if (message.is !== "edited" && message.is !== "refused" && message.is !== "repeated") return;
  const edits = one.edits.filter(({ client }) => client !== message.client);
  if (edits.length === one.edits.length) return;
  one.edits = edits;
  if (message.is === "refused") {
    const { what, remedy } = message.problem;
    notify({ tone: "bad", text: texts.refusedLater(one.title, what), remedy });
  }
  if (edits.length === 0) end(one);
}

function lose(one: Left): void {
  notify({ tone: "bad", text: texts.lost(one.title, one.edits.length) });
  end(one);
}

function end({ line }: Left): void {
  lefts.delete(line.document);
  line.close();
}
