// Two pages, `monitor/` and `dashboard/`, and the worker that keeps the monitor's page, built into the Python package, which serves
// them below /static/; the worker has one name for ever, since phones ask for it by that.
// The content security policy allows no inline script and no other host, so nothing is inlined.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/",
  build: {
    outDir: "../src/safepassage/web/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    rollupOptions: {
      input: { monitor: "monitor/index.html", dashboard: "dashboard/index.html", worker: "monitor/worker.ts" },
      output: { entryFileNames: (chunk) => (chunk.name === "worker" ? "worker.js" : "assets/[name]-[hash].js") },
    },
  },
});
