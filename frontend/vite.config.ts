// Two pages, `monitor/` and `dashboard/`, built into the Python package, which serves them below /static/.
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
    rollupOptions: { input: { monitor: "monitor/index.html", dashboard: "dashboard/index.html" } },
  },
});
