import { lazy, Suspense, useEffect } from "react";
import { Confirmations } from "../components/Confirmations";
import { Notices } from "../components/Notices";
import { startPage, unfoldPage } from "./ahead";
import { beginWith } from "./begin";
import { ErrorBoundary } from "./ErrorBoundary";
import { documentOfPath, navigate, pathOfDocument, unfoldedOfPath, usePath } from "./router";

const Editor = lazy(() => import("./Editor"));
const UnfoldPage = lazy(unfoldPage);
const StartPage = lazy(startPage);

function open(id: string, title: string, dataSet?: string): void {
  if (dataSet) beginWith(id, dataSet);
  navigate(pathOfDocument(id), title);
}

/** The page that the address names. */
export function App() {
  const path = usePath();
  const id = documentOfPath(path);
  const unfolded = unfoldedOfPath(path);
  useEffect(() => {
    if (id === null) document.title = "Peephole";
  }, [id]);
  return (
    <ErrorBoundary>
      <Suspense fallback={null}>
        {id === null ? (
          <StartPage open={open} />
        ) : unfolded === null ? (
          <Editor id={id} />
        ) : (
          <UnfoldPage key={path} id={id} node={unfolded} />
        )}
      </Suspense>
      <Notices />
      <Confirmations />
    </ErrorBoundary>
  );
}
