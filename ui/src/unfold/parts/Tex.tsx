import { memo, use } from "react";

type Katex = typeof import("katex")["default"];

let loading: Promise<Katex> | undefined;

/** KaTeX is fetched when the first formula is shown. */
function katex(): Promise<Katex> {
  loading ??= Promise.all([import("katex"), import("katex/dist/katex.min.css")]).then(([module]) => module.default);
  return loading;
}

/** A formula. Wrap it in <Suspense>. Our own formulas only: KaTeX writes no links and no scripts from them. */
export const Tex = memo(function Tex({ children, block = false }: { children: string; block?: boolean }) {
  const library = use(katex());
  const html = library.renderToString(children, { displayMode: block, throwOnError: false, output: "htmlAndMathml" });
  // biome-ignore lint/security/noDangerouslySetInnerHtml: KaTeX's own output
  return <span className="unf-tex" dangerouslySetInnerHTML={{ __html: html }} />;
});
