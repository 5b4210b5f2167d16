import type { VendorDetails } from "../api/types";
import { formatAge, formatCount, formatMoment, formatPercent, formatPrice, formatRating } from "../shared/formats";
import { Figure, Latency, Uptime } from "./Figure";

// The aggregator writes every 5 minutes: three rounds missed is news.
const STALE_MS = 15 * 60_000;

/** A vendor's figures, and how old they are. */
export function Metrics({ vendor, now }: { vendor: VendorDetails; now: number }) {
  const { metrics } = vendor;
  const lastRequest = metrics.lastRequestAt;
  return (
    <section className="detail-section" aria-labelledby="metrics-title">
      <h3 id="metrics-title">
        Metrics <Measured at={metrics.updatedAt} now={now} />
      </h3>
      <dl className="metrics">
        <Figure name="Uptime, 7 days">
          <Uptime percent={metrics.uptimePct} />
        </Figure>
        <Figure name="Rating">{formatRating(metrics.ratingScore)} of 5</Figure>
        <Figure name="Price" kind="price">
          {formatPrice(vendor.defaultPriceUsd)}
        </Figure>
        <Figure name="Latency, average">
          <Latency milliseconds={metrics.avgLatencyMs} />
        </Figure>
        <Figure name="Latency, p95">
          <Latency milliseconds={metrics.p95LatencyMs} />
        </Figure>
        <Figure name="Latency, p99">
          <Latency milliseconds={metrics.p99LatencyMs} />
        </Figure>
        <Figure name="Requests">{formatCount(metrics.totalRequests)}</Figure>
        <Figure name="Success">{formatPercent(metrics.successRate)}</Figure>
        <Figure name="Errors">{formatPercent(metrics.errorRate)}</Figure>
        <Figure name="Agents">{formatCount(metrics.uniqueAgents)}</Figure>
        <Figure name="Revenue">${formatCount(Math.round(Number(metrics.totalRevenueUsd)))}</Figure>
        <Figure name="Last request">{lastRequest ? formatAge(lastRequest, now) : "never"}</Figure>
      </dl>
    </section>
  );
}

function Measured({ at, now }: { at: string | undefined; now: number }) {
  if (at === undefined) return <span className="measured measured--stale">not measured yet</span>;
  const stale = now - Date.parse(at) > STALE_MS;
  return (
    <span className={stale ? "measured measured--stale" : "measured"}>
      measured{" "}
      <time dateTime={at} title={formatMoment(at)}>
        {formatAge(at, now)}
      </time>
      {stale && ", out of date"}
    </span>
  );
}
