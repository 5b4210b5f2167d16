/** Figures as people read them. */

const MOST_DECIMALS = 6;
const SMALLEST_PRICE = 10 ** -MOST_DECIMALS;
const DOLLARS = new Intl.NumberFormat("en-US", {
  style: "currency",
  currency: "USD",
  minimumFractionDigits: 2,
  maximumFractionDigits: MOST_DECIMALS,
});
const WHOLE = new Intl.NumberFormat("en-US");
const THOUSANDS = ["", "K", "M", "B", "T"] as const;

/** 0 reads Free, 0.0001 $0.0001, 1.5 $1.50, 1234.5 $1,234.50. */
export function formatPrice(usd: number): string {
  if (usd === 0) return "Free";
  return usd < SMALLEST_PRICE ? `<${DOLLARS.format(SMALLEST_PRICE)}` : DOLLARS.format(usd);
}

/** 10000 reads 10,000. */
export function formatWhole(count: number): string {
  return WHOLE.format(count);
}

/** 999 reads 999, 1234 1.2K, 999,999 1.0M, 1e9 1.0B. */
export function formatCount(count: number): string {
  let value = count;
  let power = 0;
  // 999,950 would round to 1000.0K: what rounds to a thousand is one of the next unit.
  while (power < THOUSANDS.length - 1 && value >= (power === 0 ? 1000 : 999.95)) {
    value /= 1000;
    power += 1;
  }
  return power === 0 ? String(value) : `${value.toFixed(1)}${THOUSANDS[power] ?? ""}`;
}

export type Level = "green" | "yellow" | "red";

/** Above means above: exactly 99.5 is yellow, exactly 99 is red. */
export function uptimeLevel(percent: number): Level {
  if (percent > 99.5) return "green";
  return percent > 99 ? "yellow" : "red";
}

export const LEVEL_WORDS: Record<Level, string> = { green: "high", yellow: "fair", red: "low" };

export function formatPercent(percent: number): string {
  return `${percent.toFixed(2)}%`;
}

export function formatRating(rating: number): string {
  return rating.toFixed(1);
}

/** 0 means not measured yet, and reads so. */
export function formatLatency(milliseconds: number): string | undefined {
  if (milliseconds === 0) return undefined;
  if (milliseconds < 1) return "<1 ms";
  return milliseconds < 999.5 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

const STEPS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;
const AGO = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });

/** How long ago, in whole units: "3 min. ago"; "just now" below a minute and for clocks that run ahead. */
export function formatAge(moment: string, now: number): string {
  const seconds = (now - Date.parse(moment)) / 1000;
  for (const [unit, size] of STEPS) {
    if (seconds >= size) return AGO.format(-Math.floor(seconds / size), unit);
  }
  return "just now";
}

const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

export function formatMoment(moment: string): string {
  return `${MOMENT.format(new Date(moment))} UTC`;
}
