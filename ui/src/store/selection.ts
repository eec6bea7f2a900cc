// What is chosen on the canvas, and the port that is looked at.

import { create } from "zustand";
import { splitPath } from "../graph/document";
import { useLayout } from "./layout";

export interface Port {
  /** path of the node */
  node: string;
  port: string;
}

interface Selection {
  /** ids of nodes, notes and frames on the level that is looked into */
  ids: readonly string[];
  /** texts of wires */
  wires: readonly string[];
  looked: Port | null;
  /** the setting that a message leads to: the form puts the cursor there */
  setting: { node: string; setting: string; at: number } | null;
  select(ids: readonly string[], wires?: readonly string[]): void;
  look(port: Port | null): void;
  /** Lead to a setting of a node (by path). */
  toSetting(node: string, setting: string): void;
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i]);

export const useSelection = create<Selection>()((set, get) => ({
  ids: [],
  wires: [],
  looked: null,
  setting: null,
  select(ids, wires = []) {
    const now = get();
    if (!same(now.ids, ids) || !same(now.wires, wires)) set({ ids, wires });
  },
  look(looked) {
    const now = get().looked;
    if (now?.node !== looked?.node || now?.port !== looked?.port) set({ looked });
  },
  toSetting(node, setting) {
    set({ ids: [splitPath(node).id], wires: [], setting: { node, setting, at: Date.now() } });
    useLayout.getState().change({ settingsOpen: true });
  },
}));

/** The one node that is chosen, if it is one. */
export const chosenNode = (state: Selection): string | null => (state.ids.length === 1 ? (state.ids[0] ?? null) : null);
