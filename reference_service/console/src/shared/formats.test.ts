import { describe, expect, it } from "vitest";

import { formatAge, formatCount, formatLatency, formatMoment, formatPrice, uptimeLevel } from "./formats";

describe("formats", () => {
  it.each([
    [0, "Free"], [0.0000001, "<$0.000001"], [0.000001, "$0.000001"], [0.0001, "$0.0001"], [0.01, "$0.01"],
    [0.015, "$0.015"], [0.1, "$0.10"], [1, "$1.00"], [1.5, "$1.50"], [1234.5, "$1,234.50"],
  ])("price %f reads %s", (usd, text) => expect(formatPrice(usd)).toBe(text));

  it.each([
    [0, "0"], [999, "999"], [1000, "1.0K"], [1234, "1.2K"], [999_949, "999.9K"], [999_950, "1.0M"],
    [999_999, "1.0M"], [1_234_567, "1.2M"], [1e9, "1.0B"], [999_999_999, "1.0B"], [1e12, "1.0T"], [1e15, "1000.0T"],
  ])("count %i reads %s", (count, text) => expect(formatCount(count)).toBe(text));

  it.each([[99.500001, "green"], [99.5, "yellow"], [99.000001, "yellow"], [99, "red"]])(
    "uptime %f is %s", (percent, level) => expect(uptimeLevel(percent)).toBe(level),
  );

  it.each([[0, undefined], [0.4, "<1 ms"], [87.4, "87 ms"], [999.4, "999 ms"], [999.5, "1.0 s"], [1240, "1.2 s"]])(
    "latency %f reads %s", (latency, text) => expect(formatLatency(latency)).toBe(text),
  );

  const now = Date.parse("2026-03-01T12:00:00Z");
  it.each([
    ["2026-03-01T12:00:05Z", "just now"], ["2026-03-01T11:59:01Z", "just now"], ["2026-03-01T11:57:00Z", "3 min. ago"],
    ["2026-03-01T10:00:00Z", "2 hr. ago"], ["2026-02-27T12:00:00Z", "2 days ago"],
  ])("age of %s reads %s", (moment, text) => expect(formatAge(moment, now)).toBe(text));

  it("tells moments in UTC", () => expect(formatMoment("2026-03-01T12:00:00Z")).toBe("1 Mar 2026, 12:00 UTC"));
});
