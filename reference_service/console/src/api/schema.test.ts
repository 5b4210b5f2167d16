// @vitest-environment node
import { readFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, it } from "vitest";

it("the types are those of openapi.yaml; `npm run types` writes them anew", async () => {
  const document = new URL("../../../openapi.yaml", import.meta.url);
  const generated = astToString(await openapiTS(document));
  const kept = await readFile(new URL("./schema.d.ts", import.meta.url), "utf8");
  const header = kept.slice(0, kept.indexOf("\n\n") + 2);
  expect(kept.replace(header, "").trim()).toBe(generated.trim());
});
