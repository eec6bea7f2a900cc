// Two pages: the start page at "/", a workflow at "/d/{id}".

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};
window.addEventListener("popstate", tell);

/** Go to a page without loading anew. */
export function navigate(path: string): void {
  if (path !== location.pathname) history.pushState(null, "", path);
  tell();
}

export const usePath = (): string =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.pathname,
  );

/** The document of a path; null for the start page. */
export function documentOfPath(path: string): string | null {
  const found = /^\/d\/([^/]+)\/?$/.exec(path);
  return found?.[1] ? decodeURIComponent(found[1]) : null;
}

export const pathOfDocument = (id: string): string => `/d/${encodeURIComponent(id)}`;
