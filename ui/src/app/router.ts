// Two pages: the start page at "/", a workflow at "/d/{id}".

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};
window.addEventListener("popstate", tell);

/** Go to a page without loading anew.  title: of the workflow there, where it is another one and known. */
export function navigate(path: string, title = titleOfPage()): void {
  if (path !== location.pathname) history.pushState({ title }, "", path);
  tell();
}

/** The title of this page's workflow as it was when last seen, also after the page is loaded anew; "" where none was. */
export const titleOfPage = (): string => {
  const { title } = (history.state ?? {}) as { title?: unknown };
  return typeof title === "string" ? title : "";
};

export function keepTitle(title: string): void {
  if (title !== titleOfPage()) history.replaceState({ title }, "");
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
  const found = /^\/d\/([^/]+)(\/unfold\/.+|\/?)$/.exec(path);
  return found?.[1] ? decodeURIComponent(found[1]) : null;
}

export const pathOfDocument = (id: string): string => `/d/${encodeURIComponent(id)}`;

/** The node whose network a path opens; null where it opens none. */
export function unfoldedOfPath(path: string): string | null {
  const found = /^\/d\/[^/]+\/unfold\/(.+?)\/?$/.exec(path);
  return found?.[1] ? found[1].split("/").map(decodeURIComponent).join("/") : null;
}

export const pathOfUnfolded = (id: string, node: string): string =>
  `${pathOfDocument(id)}/unfold/${node.split("/").map(encodeURIComponent).join("/")}`;
