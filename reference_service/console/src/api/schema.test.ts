import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, it } from "vitest";

const read = (path: string) => readFile(resolve(import.meta.dirname, path), "utf8");

it("the types are those of openapi.yaml; `npm run types` writes them anew", async () => {
  const generated = astToString(await openapiTS(await read("../../../openapi.yaml")));
  const kept = await read("schema.d.ts");
  expect(withoutBanner(kept)).toBe(generated.trim());
});

function withoutBanner(text: string): string {
  return text.replace(/^\/\*\*[\s\S]*?\*\/\s*/, "").trim();
}
