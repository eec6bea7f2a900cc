import { createContext, useContext } from "react";
import { createStore, type StoreApi, useStore } from "zustand";
import type { Drawing } from "./cell/layout";
import type { Direction } from "./source/shapes";

export const LEVELS = ["Layers", "Time", "Block", "Neuron"] as const;
export type Beside = "equation" | "flow" | "jacobians" | "gradients";

/** What is looked at. Two networks side by side share it, so that they show the same step of the same thing. */
export interface Looking {
  /** Where the camera stands between the levels: 0 layers, 1 time, 2 block, 3 neuron. */
  zoom: number;
  /** Where it is going. */
  level: number;
  t: number;
  steps: number;
  layer: number;
  direction: Direction;
  batch: number;
  backward: boolean;
  lossAt: number | null;
  drawing: Drawing;
  /** All units as strips, or one. */
  all: boolean;
  unit: number | null;
  entry: number;
  variable: string | null;
  playing: boolean;
  /** The part of time that the second level shows. */
  window: { start: number; stop: number };
  /** Wires that are lit, by key. */
  lit: readonly string[];
  beside: Beside;
  /** Whether the panel beside the levels is shown. */
  panel: boolean;
  box: string | null;
  clip: number | null;
}

interface Doing {
  set(change: Partial<Looking>): void;
  goTo(level: number): void;
  stepTo(t: number): void;
  /** Another sequence, of so many steps. */
  resize(steps: number): void;
}

export type LookingStore = StoreApi<Looking & Doing>;

export function createLooking(steps: number, first: Partial<Looking> = {}): LookingStore {
  const last = steps - 1;
  return createStore<Looking & Doing>((set, get) => ({
    zoom: 1,
    level: 1,
    t: Math.max(0, Math.floor(last / 2)),
    steps,
    layer: 0,
    direction: "forward",
    batch: 0,
    backward: false,
    lossAt: null,
    drawing: "circuit",
    all: false,
    unit: null,
    entry: 0,
    variable: null,
    playing: false,
    window: around(Math.floor(last / 2), steps),
    lit: [],
    beside: "equation",
    panel: true,
    box: null,
    clip: null,
    ...first,
    set: (change) => set(change),
    goTo: (level) => set({ level: Math.max(0, Math.min(LEVELS.length - 1, level)) }),
    resize: (steps) => {
      const now = get();
      if (steps === now.steps) return;
      const t = Math.min(now.t, steps - 1);
      set({ steps, t, window: around(t, steps), lossAt: null });
    },
    stepTo: (wanted) => {
      const t = Math.max(0, Math.min(get().steps - 1, Math.round(wanted)));
      const { window, steps: all } = get();
      set({ t, window: showing(window, t, all) });
    },
  }));
}

/** The first window: everything, or as many steps as can be told apart. */
function around(t: number, steps: number): Looking["window"] {
  const size = steps <= 52 ? steps : 40;
  const start = Math.max(0, Math.min(steps - size, t - Math.floor(size / 2)));
  return { start, stop: start + size };
}

/** The window moved as little as needed for step t to be inside. */
function showing(window: Looking["window"], t: number, steps: number): Looking["window"] {
  const size = window.stop - window.start;
  if (t < window.start) return { start: Math.max(0, t), stop: Math.max(0, t) + size };
  if (t >= window.stop) return { start: Math.min(steps, t + 1) - size, stop: Math.min(steps, t + 1) };
  return window;
}

export const LookingContext = createContext<LookingStore | null>(null);

/** A part of what is looked at. */
export function useLooking<T>(choose: (state: Looking & Doing) => T): T {
  return useStore(useLookingStore(), choose);
}

export function useLookingStore(): LookingStore {
  const store = useContext(LookingContext);
  if (!store) throw new Error("Unfold's parts stand inside <Unfold>.");
  return store;
}
