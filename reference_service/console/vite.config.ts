import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const API = process.env["CONSOLE_API"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/marketplace/",
  plugins: [react()],
  // No inlined files: the page's policy allows none.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { port: 5173, proxy: { "/v1": API } },
});
