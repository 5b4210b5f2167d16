import type { HealthCheck, Vendor, VendorDetails } from "../api/types";

const CATEGORIES = ["ai", "weather", "finance"] as const;

export function aVendor(given: Partial<Vendor> = {}): Vendor {
  const id = given.id ?? 1;
  return {
    id,
    appId: `app-${id}`,
    slug: `vendor-${id}`,
    serviceName: `Vendor ${id}`,
    description: `What vendor ${id} does`,
    category: "weather",
    defaultPriceUsd: 0.0001,
    tags: ["hourly"],
    isVerified: false,
    uptimePct: 99.9,
    avgLatencyMs: 42,
    ratingScore: 4.5,
    totalRequests: 1234,
    successRate: 98.5,
    uniqueAgents: 12,
    ...given,
  };
}

/** As many vendors, the later the worse; their categories take turns. */
export function vendors(count: number): Vendor[] {
  return Array.from({ length: count }, (_, index) =>
    aVendor({
      id: index + 1,
      category: CATEGORIES[index % CATEGORIES.length] ?? "ai",
      ratingScore: Math.max(0, 5 - index * 0.05),
      uptimePct: Math.max(90, 100 - index * 0.1),
      avgLatencyMs: 1000 - index,
      totalRequests: index,
      isVerified: index % 2 === 0,
      tags: index % 2 === 0 ? ["hourly", "radar"] : ["hourly"],
    }),
  );
}

export function detailsOf(vendor: Vendor, given: Partial<VendorDetails> = {}): VendorDetails {
  return {
    ...vendor,
    websiteUrl: "https://vendor.example/about",
    createdAt: "2026-01-01T00:00:00Z",
    metrics: {
      uptimePct: vendor.uptimePct,
      avgLatencyMs: vendor.avgLatencyMs,
      p95LatencyMs: 120,
      p99LatencyMs: 1500,
      ratingScore: vendor.ratingScore,
      totalRequests: vendor.totalRequests,
      successRate: vendor.successRate,
      errorRate: 1.5,
      uniqueAgents: vendor.uniqueAgents,
      totalRevenueUsd: "1234567.000000",
      updatedAt: new Date(Date.now() - 3 * 60_000).toISOString(),
    },
    endpoints: [
      { method: "GET", path: "/v1/forecast", name: "Forecast", description: "By the hour", priceUsd: 0.02 },
      { method: "POST", path: "/v1/alerts", name: "Alerts" },
    ],
    ...given,
  };
}

export const CHECKS: HealthCheck[] = [
  { status: "down", error: "timeout", checkedAt: "2026-03-01T12:03:00Z" },
  { status: "degraded", statusCode: 404, error: "http_404", responseTimeMs: 80, checkedAt: "2026-03-01T12:02:00Z" },
  { status: "up", statusCode: 200, responseTimeMs: 45, checkedAt: "2026-03-01T12:01:00Z" },
];
