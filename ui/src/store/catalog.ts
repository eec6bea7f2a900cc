// The node library.

import { create } from "zustand";
import type { Catalog, Family, NodeType, PortKind } from "../api/generated";
import { getJson } from "../api/http";

interface CatalogState {
  loaded: boolean;
  nodes: ReadonlyMap<string, NodeType>;
  families: ReadonlyMap<string, Family>;
  portTypes: ReadonlyMap<string, PortKind>;
  broken: readonly string[];
}

export const useCatalog = create<CatalogState>()(() => ({
  loaded: false,
  nodes: new Map(),
  families: new Map(),
  portTypes: new Map(),
  broken: [],
}));

let asked: Promise<void> | null = null;

/** Fetch the library, once. */
export function loadCatalog(): Promise<void> {
  asked ??= getJson<Catalog>("/api/catalog").then(takeCatalog);
  asked.catch(() => {
    asked = null;
  });
  return asked;
}

function takeCatalog(catalog: Catalog): void {
  useCatalog.setState({
    loaded: true,
    nodes: new Map(catalog.nodes.map((one) => [one.type, one])),
    families: new Map(catalog.families.map((one) => [one.name, one])),
    portTypes: new Map(catalog.port_types.map((one) => [one.name, one])),
    broken: catalog.broken,
  });
}
