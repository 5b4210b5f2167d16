import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";

import { marketplace } from "./marketplace";
import { server } from "./server";
import { installWindow } from "./window";

configure({ asyncUtilTimeout: 5000 }); // a busy machine is not a broken page

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => {
  installWindow();
  marketplace.reset();
  window.history.replaceState(null, "", "/marketplace");
  window.localStorage.clear();
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => server.close());
