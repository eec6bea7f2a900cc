// Whether the canvas is on the move of itself. What lies on it is somewhere else in a moment: whoever aims waits.

import { create } from "zustand";

interface Moving {
  /** the view of what is looked into is not set yet */
  beginning: boolean;
  /** the view glides to another place */
  gliding: boolean;
  /** the panel below waits to rise */
  opening: boolean;
  /** the view waits to make room for what has risen */
  yielding: boolean;
}

export const useMoving = create<Moving>()(() => ({ beginning: true, gliding: false, opening: false, yielding: false }));

export const moves = ({ beginning, gliding, opening, yielding }: Moving): boolean =>
  beginning || gliding || opening || yielding;

/** Say what moves, or no longer does; who has said so already is not told again. */
export function moving(what: Partial<Moving>): void {
  const now = useMoving.getState();
  const other = Object.entries(what).some(([name, value]) => now[name as keyof Moving] !== value);
  if (other) useMoving.setState(what);
}
