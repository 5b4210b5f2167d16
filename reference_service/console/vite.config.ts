import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const API = process.env["CONSOLE_API"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/marketplace/",
  plugins: [react()],
  // No inlined files: the page's policy allows none.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { port: 5173, proxy: { "/v1": API } },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    testTimeout: 20_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.{ts,tsx}"],
      exclude: ["src/testing/**", "src/**/*.test.{ts,tsx}", "src/main.tsx", "src/api/schema.d.ts"],
      reportsDirectory: "node_modules/.coverage",
      reporter: ["text-summary", "json-summary"],
      thresholds: { lines: 90, statements: 90, functions: 90, branches: 80 },
    },
  },
});
