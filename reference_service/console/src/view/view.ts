import type { Sort } from "../api/types";

/** Everything that the page's address says; undefined and empty mean no filter. */
export interface View {
  q: string;
  category: string;
  tags: string[];
  sort: Sort | undefined;
  minUptime: number | undefined;
  minRating: number | undefined;
  maxLatency: number | undefined;
  verified: boolean;
  /** How many vendors are asked for; "load more" raises it. */
  shown: number;
  /** The slug (or id) whose details are open. */
  vendor: string | undefined;
}

export const PAGE = 20;
export const MOST_SHOWN = 10_000;
const LONGEST_QUERY = 200;
export const ROOT = "/marketplace";

export const SORTS: readonly { value: Sort; label: string }[] = [
  { value: "relevance", label: "Relevance" },
  { value: "rating", label: "Rating" },
  { value: "uptime", label: "Uptime" },
  { value: "popular", label: "Most used" },
  { value: "fastest", label: "Fastest" },
  { value: "recent", label: "Recently used" },
];

export const EVERYTHING: View = {
  q: "",
  category: "",
  tags: [],
  sort: undefined,
  minUptime: undefined,
  minRating: undefined,
  maxLatency: undefined,
  verified: false,
  shown: PAGE,
  vendor: undefined,
};

/** Reads an address; what it does not understand, it leaves out. */
export function readView(path: string, search: string): View {
  const given = new URLSearchParams(search);
  const sort = SORTS.find(({ value }) => value === given.get("sort"))?.value;
  return {
    q: clean(given.get("q")),
    category: clean(given.get("category")),
    tags: splitTags(given.get("tags") ?? ""),
    sort,
    minUptime: numberIn(given.get("min_uptime"), 0, 100),
    minRating: numberIn(given.get("min_rating"), 0, 5),
    maxLatency: numberIn(given.get("max_latency"), 0, Number.MAX_SAFE_INTEGER),
    verified: given.get("verified") === "true",
    shown: Math.round(numberIn(given.get("shown"), PAGE, MOST_SHOWN) ?? PAGE),
    vendor: slugIn(path),
  };
}

/** The address of a view; the same view has the same address. */
export function addressOf(view: View): string {
  const query = new URLSearchParams();
  if (view.q) query.set("q", view.q);
  if (view.category) query.set("category", view.category);
  if (view.tags.length > 0) query.set("tags", view.tags.join(","));
  if (view.sort) query.set("sort", view.sort);
  if (view.minUptime !== undefined) query.set("min_uptime", String(view.minUptime));
  if (view.minRating !== undefined) query.set("min_rating", String(view.minRating));
  if (view.maxLatency !== undefined) query.set("max_latency", String(view.maxLatency));
  if (view.verified) query.set("verified", "true");
  if (view.shown > PAGE) query.set("shown", String(view.shown));
  const path = view.vendor === undefined ? ROOT : `${ROOT}/${encodeURIComponent(view.vendor)}`;
  const text = query.toString().replaceAll("%2C", ",");
  return text ? `${path}?${text}` : path;
}

/** The view without any filter; the sort stays, for it hides nothing. */
export function withoutFilters(view: View): View {
  return { ...EVERYTHING, sort: view.sort === "relevance" ? undefined : view.sort };
}

/** How many filters narrow the view, the search text not counted. */
export function countFilters(view: View): number {
  const single = [view.category, view.minUptime, view.minRating, view.maxLatency, view.verified || undefined];
  return view.tags.length + single.filter((value) => value !== undefined && value !== "").length;
}

/** How many vendors "load more" asks for; 0 where the address can say no more. */
export function nextPage(view: View): number {
  return Math.min(PAGE, MOST_SHOWN - view.shown);
}

export function isFiltered(view: View): boolean {
  return view.q !== "" || countFilters(view) > 0;
}

export function splitTags(text: string): string[] {
  const tags = text.split(",").map((tag) => clean(tag));
  return [...new Set(tags.filter((tag) => tag !== ""))];
}

function clean(text: string | null): string {
  return [...(text ?? "").replaceAll("\0", "").toWellFormed().trim()].slice(0, LONGEST_QUERY).join("");
}

function numberIn(text: string | null, least: number, most: number): number | undefined {
  if (text === null || !/^\d{1,16}(\.\d{1,6})?$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

function slugIn(path: string): string | undefined {
  const [, encoded] = /^\/marketplace\/([^/]+)$/.exec(path) ?? [];
  if (!encoded) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
