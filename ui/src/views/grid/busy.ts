// What a table is waited for, and what comes of giving that up.

import type { Query } from "./pages";

export type Wish = Pick<Query, "sort" | "where">;

export interface Busy {
  with: "sort" | "filter";
  /** The wish without what is waited for. */
  without: Wish;
}

/**
 * A condition that is new comes first, then the order, then a condition whose rows come anew. Given up, the table is what it
 * was; where it waits for nothing new (its rows have changed, or the rest of them is put in order), without that wish.
 * shown: what the rows that are seen were asked with.
 */
export function busyWith(shown: Wish, asked: Wish): Busy | null {
  const filters = asked.where !== "" && asked.where !== shown.where;
  const kind = filters ? "filter" : asked.sort ? "sort" : asked.where ? "filter" : null;
  if (kind === null) return null;
  const same = asked.sort === shown.sort && asked.where === shown.where;
  const left: Wish = kind === "sort" ? { sort: "", where: asked.where } : { sort: asked.sort, where: "" };
  return { with: kind, without: same ? left : { sort: shown.sort, where: shown.where } };
}
