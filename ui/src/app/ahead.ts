// Pages that will likely be looked at next are fetched while the browser has nothing to do.

import { useEffect } from "react";
import { useCatalog } from "../store/catalog";
import { useDocument } from "../store/document";

export const unfoldPage = () => import("../unfold/UnfoldPage");

/** Where the workflow has networks, so that opening one need not wait for its page. */
export function useFetchedAhead(): void {
  const types = useCatalog((state) => state.nodes);
  const networks = useDocument(({ document }) =>
    Object.values(document.nodes).some((node) => types.get(node.type ?? "")?.family === "networks"),
  );
  useEffect(() => {
    if (!networks) return;
    const fetch = () => void unfoldPage().catch(() => {}); // whoever opens one is told
    if (!window.requestIdleCallback) {
      const timer = setTimeout(fetch, 2000);
      return () => clearTimeout(timer);
    }
    const wish = requestIdleCallback(fetch);
    return () => cancelIdleCallback(wish);
  }, [networks]);
}
