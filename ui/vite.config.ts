import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const studio = process.env.PEEPHOLE_STUDIO ?? "http://127.0.0.1:8321";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL("../peephole/studio/static", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // a font as a data address would be against the page's own policy
    assetsInlineLimit: (file) => (/\.(woff2?|ttf)$/.test(file) ? false : undefined),
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { "/api": { target: studio, ws: true } } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
