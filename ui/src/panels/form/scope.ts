import { createContext, useContext } from "react";
import type { Field, Json } from "./fields";
import type { ColumnsOf } from "./validate";

/** What the controls of one form share. */
export interface Scope {
  document: string;
  columns: ColumnsOf;
  /** Why the columns of a port are not known yet. */
  unknown: (port: string | null) => string;
  /** What is wrong at a path, or still to be done there. */
  problem: (path: string) => string | undefined;
  /** Whether that is a fault, and not only still to be done. */
  fault: (path: string) => boolean;
  /** The cursor has left the field at a path. */
  leave: (path: string) => void;
  /** Where a formula goes wrong, as an index into its text. */
  position: (path: string) => number | undefined;
}

export const ScopeContext = createContext<Scope>({
  document: "",
  columns: () => undefined,
  unknown: () => "",
  problem: () => undefined,
  fault: () => false,
  leave: () => undefined,
  position: () => undefined,
});

export const useScope = () => useContext(ScopeContext);

export interface ControlProps<F extends Field = Field> {
  field: F;
  value: Json | undefined;
  /** typing: more is likely to come at once, so that it may be gathered. */
  onChange: (value: Json, how?: { typing: boolean }) => void;
  /** As the server names it: `compute[0].column`. */
  path: string;
  id: string;
  label: string;
  describedBy?: string;
}

export type Of<K extends Field["kind"]> = ControlProps<Extract<Field, { kind: K }>>;
