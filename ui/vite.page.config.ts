import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** KaTeX offers each font three times; one of a kind that every browser knows is enough, and only those the formulas use. */
function oneFontEach(): Plugin {
  return {
    name: "one-font-each",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("katex") || !id.endsWith(".css")) return null;
      return code
        .replace(/,url\([^)]*\.woff\) format\("woff"\),url\([^)]*\.ttf\) format\("truetype"\)/g, "")
        .replace(/@font-face\{[^}]*KaTeX_(AMS|Caligraphic|Fraktur|SansSerif|Script|Typewriter)[^}]*\}/g, "");
    },
  };
}

/** The page of one opened network as one script and one style sheet, which `peephole unfold` puts into a file. */
export default defineConfig({
  plugins: [oneFontEach(), react()],
  publicDir: false,
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    outDir: fileURLToPath(new URL("../peephole/neural/view/assets", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    assetsInlineLimit: 1 << 20,
    chunkSizeWarningLimit: 2000,
    lib: {
      entry: fileURLToPath(new URL("src/unfold/page.tsx", import.meta.url)),
      formats: ["iife"],
      name: "PeepholeUnfold",
      fileName: () => "unfold.js",
      cssFileName: "unfold",
    },
  },
});
