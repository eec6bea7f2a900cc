import "../theme/tokens.css";
import "../theme/base.css";
import "./page.css";
import { StrictMode, Suspense, useState } from "react";
import { createRoot } from "react-dom/client";
import { type Embedded, EmbeddedSource } from "./source/source";
import { Unfold } from "./Unfold";

/** The page that carries its networks inside: it opens in any browser, without a server. */
function Page({ traces }: { traces: Embedded[] }) {
  const [sources] = useState(() => traces.map((trace, k) => new EmbeddedSource(`trace-${k}`, trace)));
  const [dark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  const title = traces.map((trace) => trace.head.title).join(" and ");
  return (
    <main className="unf-page">
      <header>
        <h1>{title}</h1>
        <span />
        <button type="button" onClick={() => setDark(!dark)} aria-pressed={dark}>
          {dark ? "Light" : "Dark"}
        </button>
      </header>
      <Suspense fallback={null}>
        <Unfold sources={sources} />
      </Suspense>
    </main>
  );
}

const data = document.getElementById("traces")?.textContent ?? "[]";
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Page traces={JSON.parse(data)} />
    </StrictMode>,
  );
}
