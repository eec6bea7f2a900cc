import { createContext, useContext, useMemo } from "react";
import { counted } from "./cell/numbers";
import { StripLook, UnitLook } from "./source/look";
import type { CellSpec, Head, Place } from "./source/shapes";
import { type Slices, useSlice, useSlices } from "./source/slices";
import { useLooking } from "./state";

interface Opened {
  slices: Slices;
  head: Head;
  openLayer?: ((layer: string) => void) | undefined;
  /** Follow something else back. */
  onFollow?: ((what: string) => void) | undefined;
}

export const OpenedContext = createContext<Opened | null>(null);

/** The network that this part of the page shows. */
export function useOpened(): Opened {
  const found = useContext(OpenedContext);
  if (!found) throw new Error("Unfold's parts stand inside <Unfold>.");
  return found;
}

/** Which cell, sequence and loss; where the network has no such layer, its nearest. */
export function usePlace(): Place {
  const { head } = useOpened();
  const layer = Math.min(
    useLooking((s) => s.layer),
    head.layers.length - 1,
  );
  const wanted = useLooking((s) => s.direction);
  const direction = head.directions.includes(wanted) ? wanted : "forward";
  const batch = Math.min(
    useLooking((s) => s.batch),
    head.lengths.length - 1,
  );
  const lossAt = useLooking((s) => s.lossAt);
  const loss_at = head.step_losses ? lossAt : null;
  return useMemo(() => ({ layer, direction, batch, loss_at }), [layer, direction, batch, loss_at]);
}

/** The steps of the sequence looked at. */
export function useSteps(): number {
  const { head } = useOpened();
  const batch = useLooking((s) => s.batch);
  return head.lengths[batch] ?? head.steps;
}

/** The unit looked at: the chosen one, or else the one through which most of the error passes. */
export function useUnit(): number {
  const { slices, head } = useOpened();
  const place = usePlace();
  const chosen = useLooking((s) => s.unit);
  const { answer } = useSlice(slices, { slice: "overview", ...place, loss_at: null }, chosen === null);
  const hidden = head.layers[place.layer]?.hidden ?? 1;
  const first = answer?.units.find((unit) => !head.offered || head.offered.units.includes(unit)) ?? 0;
  return Math.min(chosen ?? first, hidden - 1);
}

/** The step looked at, inside this network's sequence. */
export function useStep(): number {
  const steps = useSteps();
  return Math.min(
    useLooking((s) => s.t),
    steps - 1,
  );
}

/** The variable looked at, if this cell has it; else its cell state or output. */
export function useVariable(): string {
  const { head } = useOpened();
  const wanted = useLooking((s) => s.variable);
  return hasVariable(head.spec, wanted) ? wanted : firstVariable(head.spec);
}

function hasVariable(spec: CellSpec, id: string | null): id is string {
  return spec.variables.some((variable) => variable.id === id);
}

export function firstVariable(spec: CellSpec): string {
  return spec.variables.find((variable) => variable.role === "cell")?.id ?? spec.output;
}

/** Which of the numbers that come in at a step is looked at. */
export function useEntry(): number {
  const { head } = useOpened();
  const { layer } = usePlace();
  const entries = head.layers[layer]?.inputs ?? 1;
  return Math.min(
    useLooking((s) => s.entry),
    entries - 1,
  );
}

/** What it is called: the column, where the table's numbers come in as they are; else its number. */
export function entryName(head: Head, layer: number, entry: number): string {
  return (layer === 0 && head.entries[entry]) || `number ${counted(entry)}`;
}

export function useUnitLook(): UnitLook {
  const { slices, head } = useOpened();
  const place = usePlace();
  const unit = useUnit();
  const entry = useEntry();
  useSlices(slices);
  return useMemo(() => new UnitLook(slices, head, place, unit, entry), [slices, head, place, unit, entry]);
}

export function useStripLook(): StripLook {
  const { slices, head } = useOpened();
  const place = usePlace();
  useSlices(slices);
  return useMemo(() => new StripLook(slices, head, place), [slices, head, place]);
}
