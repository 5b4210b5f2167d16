import { describe, expect, it } from "vitest";

import { addressOf, EVERYTHING, nextPage, readView, type View } from "./view";

describe("the view in the address", () => {
  const full: View = {
    q: "50% off & more", category: "ai/ml", tags: ["a b", "c"], sort: "fastest", minUptime: 99.5, minRating: 4,
    maxLatency: 100, verified: true, shown: 140, vendor: "open weather/pro",
  };

  it("is read as it was written", () => {
    const [path, search] = addressOf(full).split("?");
    expect(readView(path ?? "", `?${search}`)).toEqual(full);
  });

  it("is short where nothing is filtered", () => expect(addressOf(EVERYTHING)).toBe("/marketplace"));

  it.each([
    "?min_uptime=abc", "?min_uptime=101", "?min_uptime=-1", "?min_rating=6", "?max_latency=NaN", "?max_latency=1e9",
    "?sort=best", "?verified=yes", "?shown=5", "?shown=1000000", "?tags=,,", "?q=%20", "?unknown=1",
  ])("leaves out what it does not understand: %s", (search) => {
    expect(readView("/marketplace", search)).toEqual(EVERYTHING);
  });

  it("asks the API for nothing that it would refuse", () => {
    const view = readView("/marketplace", `?q=${"%F0%9F%98%80".repeat(300)}&category=a%00b`);
    expect([...view.q]).toHaveLength(200);
    expect(view.category).toBe("ab");
  });

  it.each([[20, 20], [9_980, 20], [9_990, 10], [10_000, 0]])("can say more than %i: %i", (shown, more) => {
    const view = { ...EVERYTHING, shown };
    expect(nextPage(view)).toBe(more);
    expect(readView("/marketplace", `?shown=${shown + more}`).shown).toBe(shown + more);
  });

  it("takes a broken escape in a slug as it is", () => {
    expect(readView("/marketplace/50%", "").vendor).toBe("50%");
  });
});
