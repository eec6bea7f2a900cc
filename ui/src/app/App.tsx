import { lazy, Suspense, useEffect } from "react";
import { Notices } from "../components/Notices";
import { ErrorBoundary } from "./ErrorBoundary";
import { documentOfPath, usePath } from "./router";

const Editor = lazy(() => import("./Editor"));
const StartPage = lazy(() => import("../start/StartPage"));

/** The page that the address names. */
export function App() {
  const id = documentOfPath(usePath());
  useEffect(() => {
    if (id === null) document.title = "Peephole";
  }, [id]);
  return (
    <ErrorBoundary>
      <Suspense fallback={null}>{id === null ? <StartPage /> : <Editor id={id} />}</Suspense>
      <Notices />
    </ErrorBoundary>
  );
}
