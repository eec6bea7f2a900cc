// What the person has been at: until then, what a node still lacks is only to be done, and no fault.

import { create } from "zustand";

export interface Touched {
  /** fields that were left, as "node:setting" */
  fields: ReadonlySet<string>;
  /** nodes that a run wanted, and that could not run */
  tried: ReadonlySet<string>;
}

const nothing: Touched = { fields: new Set(), tried: new Set() };
export const useTouched = create<Touched>()(() => nothing);

const with_ = (old: ReadonlySet<string>, one: string): ReadonlySet<string> =>
  old.has(one) ? old : new Set(old).add(one);

/** The cursor was in the field of a setting, and has left it. */
export const leaveField = (node: string, setting: string): void =>
  useTouched.setState(({ fields }) => ({ fields: with_(fields, `${node}:${setting}`) }));

export const tryNode = (node: string): void => useTouched.setState(({ tried }) => ({ tried: with_(tried, node) }));

/** A node is new, though one of its name was here before. */
export function untouch(node: string): void {
  const { fields, tried } = useTouched.getState();
  useTouched.setState({
    fields: new Set([...fields].filter((one) => !one.startsWith(`${node}:`))),
    tried: new Set([...tried].filter((one) => one !== node)),
  });
}

export const untouchAll = (): void => useTouched.setState(nothing);

/** Whether the person has been at a setting. */
export const touched = ({ fields, tried }: Touched, node: string, setting: string): boolean =>
  tried.has(node) || fields.has(`${node}:${setting}`);

const LACKS = ["unset", "input-missing"];

/** Whether something that is said of a node is still to be done, and no fault. */
export const toDo = (now: Touched, node: string, { id, setting }: { id: string; setting: string | null }): boolean =>
  LACKS.includes(id) && !touched(now, node, setting ?? "");
