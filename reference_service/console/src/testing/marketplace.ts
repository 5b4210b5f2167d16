import { http, HttpResponse } from "msw";

import type { CategoryCount, HealthCheck, SearchAnswer, Vendor, VendorDetails } from "../api/types";
import { CHECKS, detailsOf, vendors } from "./vendors";

const BASE = "*/v1/marketplace";

type Order = (a: Vendor, b: Vendor) => number;
const ORDERS: Record<string, Order> = {
  rating: (a, b) => b.ratingScore - a.ratingScore,
  uptime: (a, b) => b.uptimePct - a.uptimePct,
  popular: (a, b) => b.totalRequests - a.totalRequests,
  fastest: (a, b) => a.avgLatencyMs - b.avgLatencyMs,
};

/** The API of the tests: answers over `catalogue`, and remembers what it was asked. */
class Marketplace {
  catalogue: Vendor[] = [];
  featured: Vendor[] = [];
  checks: HealthCheck[] = [];
  details: Partial<VendorDetails> = {};
  searches: URLSearchParams[] = [];
  quick: string[] = [];

  reset(): void {
    this.catalogue = vendors(45);
    this.featured = [];
    this.checks = CHECKS;
    this.details = {};
    this.searches = [];
    this.quick = [];
  }

  search(query: URLSearchParams): SearchAnswer {
    const matching = this.catalogue.filter((vendor) => matches(vendor, query));
    const inCategory = matching.filter(({ category }) => [null, category].includes(query.get("category")));
    const ordered = inCategory.sort(ORDERS[query.get("sort") ?? "rating"] ?? (() => 0));
    const offset = Number(query.get("offset"));
    const page = ordered.slice(offset, offset + Number(query.get("limit")));
    const hasMore = offset + page.length < ordered.length;
    return { vendors: page, total: ordered.length, hasMore, categories: facets(matching) };
  }

  find(key: unknown): Vendor | undefined {
    return this.catalogue.find(({ slug }) => slug === key);
  }
}

export const marketplace = new Marketplace();

export const handlers = [
  http.get(`${BASE}/vendors`, ({ request }) => {
    const query = new URL(request.url).searchParams;
    marketplace.searches.push(query);
    return HttpResponse.json(marketplace.search(query));
  }),
  http.get(`${BASE}/vendors/featured`, () => HttpResponse.json({ vendors: marketplace.featured })),
  http.get(`${BASE}/vendors/:slug`, ({ params }) => {
    const vendor = marketplace.find(params["slug"]);
    if (!vendor) return refusal(404, "not_found", "no such vendor");
    return HttpResponse.json(detailsOf(vendor, marketplace.details));
  }),
  http.get(`${BASE}/vendors/:slug/health`, ({ params }) => {
    const vendor = marketplace.find(params["slug"]);
    return HttpResponse.json({ vendorId: vendor?.id ?? 0, checks: marketplace.checks });
  }),
  http.get(`${BASE}/quick-search`, ({ request }) => {
    const q = new URL(request.url).searchParams.get("q") ?? "";
    marketplace.quick.push(q);
    const results = marketplace.catalogue
      .filter(({ serviceName }) => serviceName.toLowerCase().startsWith(q.toLowerCase()))
      .slice(0, 3)
      .map(({ id, slug, serviceName, category, ratingScore }) => ({ id, slug, serviceName, category, rating: ratingScore }));
    return HttpResponse.json({ results });
  }),
];

export function refusal(status: number, error: string, message: string, headers: Record<string, string> = {}) {
  return HttpResponse.json({ error, message }, { status, headers });
}

/** A handler of the search, for answers that are not the marketplace's. */
export function onSearch(answer: (query: URLSearchParams, request: Request) => Response | Promise<Response>) {
  return http.get(`${BASE}/vendors`, ({ request }) => {
    const query = new URL(request.url).searchParams;
    marketplace.searches.push(query);
    return answer(query, request);
  });
}

export function onDetails(answer: () => Response | Promise<Response>) {
  return http.get(`${BASE}/vendors/:slug`, answer);
}

function matches(vendor: Vendor, query: URLSearchParams): boolean {
  const words = (query.get("q") ?? "").toLowerCase().split(/\s+/);
  const text = `${vendor.serviceName} ${vendor.description} ${vendor.category}`.toLowerCase().split(/\s+/);
  const tags = (query.get("tags") ?? "").split(",").filter(Boolean);
  return (
    words.every((word) => word === "" || text.includes(word)) &&
    tags.every((tag) => vendor.tags.includes(tag)) &&
    vendor.uptimePct >= Number(query.get("min_uptime") ?? 0) &&
    vendor.ratingScore >= Number(query.get("min_rating") ?? 0) &&
    vendor.avgLatencyMs <= Number(query.get("max_latency") ?? Number.POSITIVE_INFINITY) &&
    (query.get("verified") !== "true" || vendor.isVerified)
  );
}

function facets(found: Vendor[]): CategoryCount[] {
  const counts = new Map<string, number>();
  for (const { category } of found) counts.set(category, (counts.get(category) ?? 0) + 1);
  return [...counts]
    .map(([category, count]) => ({ category, count }))
    .sort((a, b) => b.count - a.count || a.category.localeCompare(b.category));
}
