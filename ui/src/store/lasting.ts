// Nodes at work that a person may end early, keeping what there is.

import { useShallow } from "zustand/react/shallow";
import { useCatalog } from "./catalog";
import { useDocument } from "./document";
import { blockIn } from "./looked";
import { useStatus } from "./status";

/** Their paths. */
export function useLasting(): string[] {
  const running = useStatus(
    useShallow((status) =>
      Object.entries(status.nodes)
        .filter(([, { state }]) => state === "running")
        .map(([path]) => path),
    ),
  );
  const types = useCatalog((catalog) => catalog.nodes);
  return useDocument(
    useShallow(({ document }) => running.filter((path) => types.get(blockIn(document, path)?.type ?? "")?.lasts)),
  );
}
