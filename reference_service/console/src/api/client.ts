import createClient from "openapi-fetch";

import type { View } from "../view/view";
import { Failure } from "./failure";
import type { paths } from "./schema";
import type { HealthCheck, SearchAnswer, Suggestion, Vendor, VendorDetails } from "./types";

/** The largest page that the API gives. */
export const LARGEST_PAGE = 100;
const FEATURED = 10;
const HEALTH_CHECKS = 48;

export interface Page {
  offset: number;
  limit: number;
}

type Filters = Omit<View, "shown" | "vendor">;

function client() {
  // Looked up at each call: `fetch` is the browser's, whoever stands in for it.
  return createClient<paths>({
    baseUrl: window.location.origin,
    fetch: (request: Request) => globalThis.fetch(request),
  });
}

export async function searchVendors(
  filters: Filters,
  page: Page,
  signal: AbortSignal,
): Promise<SearchAnswer> {
  const query = {
    ...page,
    ...(filters.q && { q: filters.q }),
    ...(filters.category && { category: filters.category }),
    ...(filters.tags.length > 0 && { tags: filters.tags.join(",") }),
    ...(filters.sort && { sort: filters.sort }),
    ...(filters.minUptime !== undefined && { min_uptime: filters.minUptime }),
    ...(filters.minRating !== undefined && { min_rating: filters.minRating }),
    ...(filters.maxLatency !== undefined && { max_latency: filters.maxLatency }),
    ...(filters.verified && { verified: true }),
  };
  return answered(client().GET("/v1/marketplace/vendors", { params: { query }, signal }));
}

export async function featuredVendors(signal: AbortSignal): Promise<Vendor[]> {
  const params = { query: { limit: FEATURED } };
  const answer = await answered(client().GET("/v1/marketplace/vendors/featured", { params, signal }));
  return answer.vendors;
}

export async function vendorDetails(slug: string, signal: AbortSignal): Promise<VendorDetails> {
  const params = { path: { idOrSlug: slug } };
  return answered(client().GET("/v1/marketplace/vendors/{idOrSlug}", { params, signal }));
}

/** The latest checks, newest first. */
export async function vendorHealth(slug: string, signal: AbortSignal): Promise<HealthCheck[]> {
  const params = { path: { idOrSlug: slug }, query: { limit: HEALTH_CHECKS } };
  const answer = await answered(client().GET("/v1/marketplace/vendors/{idOrSlug}/health", { params, signal }));
  return answer.checks;
}

export async function quickSearch(q: string, signal: AbortSignal): Promise<Suggestion[]> {
  const params = { query: { q, limit: 6 } };
  const answer = await answered(client().GET("/v1/marketplace/quick-search", { params, signal }));
  return answer.results;
}

interface Exchange<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** The answer's document. Throws Failure for every other answer and where none came. */
async function answered<T>(exchange: Promise<Exchange<T>>): Promise<T> {
  let settled: Exchange<T>;
  try {
    settled = await exchange;
  } catch (error) {
    throw new Failure(0, error instanceof Error ? error.message : String(error));
  }
  const { data, error, response } = settled;
  if (response.ok && data !== undefined) return data;
  const wait = Number(response.headers.get("Retry-After") ?? Number.NaN);
  throw new Failure(response.status, messageOf(error), Number.isFinite(wait) ? wait : undefined);
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | undefined)?.message;
  return typeof message === "string" ? message : "The answer could not be read.";
}
