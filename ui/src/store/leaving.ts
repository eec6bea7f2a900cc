// Edits of a document that was left before the studio had them: its line stays until they are sent.

import type { Connection } from "../api/connection";
import type { ServerMessage, Snapshot } from "../api/generated";
import type { Pending } from "./document";

const lines = new Map<Connection, readonly Pending[]>();

/** revision: of the document as it was left.  snapshot: fetches it as it is now. */
export function leave(
  line: Connection,
  edits: readonly Pending[],
  revision: number,
  snapshot: () => Promise<Snapshot>,
): void {
  let base = revision;
  const close = (): void => {
    lines.delete(line);
    line.close();
  };
  lines.set(line, edits);
  const waits = line.handOver({
    message(message: ServerMessage) {
      if (message.is !== "edited") return;
      base = message.revision;
      lines.set(
        line,
        (lines.get(line) ?? []).filter((one) => one.client !== message.client),
      );
    },
    caughtUp() {
      for (const { op, client, group } of lines.get(line) ?? []) line.send({ do: "edit", op, client, base, group });
      close();
    },
    reset() {
      snapshot().then((now) => {
        base = now.revision;
        line.resume(now.seq);
      }, close);
    },
    link() {},
  });
  if (!waits) close();
}

/** How many edits of documents that were left are not with the studio. */
export const left = (): number => [...lines.values()].reduce((sum, edits) => sum + edits.length, 0);
