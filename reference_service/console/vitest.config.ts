import { defineConfig, mergeConfig } from "vitest/config";

import build from "./vite.config";

export default mergeConfig(
  build,
  defineConfig({
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
  }),
);
