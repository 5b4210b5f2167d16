import { setupServer } from "msw/node";

import { handlers } from "./marketplace";

export const server = setupServer(...handlers);
