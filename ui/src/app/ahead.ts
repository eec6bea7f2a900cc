// Pages that will likely be looked at next are fetched while the browser has nothing to do.

import { useEffect } from "react";
import { useCatalog } from "../store/catalog";
import { useDocument } from "../store/document";

export const unfoldPage = () => import("../unfold/UnfoldPage");
export const startPage = () => import("../start/StartPage").then(({ StartPage }) => ({ default: StartPage }));

/** The start page, so that it is there while the studio is away; where the workflow has networks, the page that opens one. */
export function useFetchedAhead(): void {
  const types = useCatalog((state) => state.nodes);
  const networks = useDocument(({ document }) =>
    Object.values(document.nodes).some((node) => types.get(node.type ?? "")?.family === "networks"),
  );
  useEffect(() => whenIdle(startPage), []);
  useEffect(() => (networks ? whenIdle(unfoldPage) : undefined), [networks]);
}

/** Gives what takes the wish back. */
function whenIdle(page: () => Promise<unknown>): () => void {
  const fetch = () => void page().catch(() => {}); // whoever opens it is told
  if (!window.requestIdleCallback) {
    const timer = setTimeout(fetch, 2000);
    return () => clearTimeout(timer);
  }
  const wish = requestIdleCallback(fetch);
  return () => cancelIdleCallback(wish);
}
