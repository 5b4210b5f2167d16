import { vendorHealth } from "../api/client";
import type { HealthCheck } from "../api/types";
import { formatAge, formatLatency, formatMoment } from "../shared/formats";
import { Problem } from "../shared/Problem";
import { useAnswer } from "../shared/useAnswer";

const WORDS: Record<HealthCheck["status"], string> = { up: "up", degraded: "degraded", down: "down" };
const TALLEST_MS = 1500;
const LEAST_HEIGHT = 18;

/** A vendor's latest checks as bars, oldest first, told in words too. */
export function HealthHistory({ slug, now }: { slug: string; now: number }) {
  const { data: checks, failure, retry } = useAnswer(slug, vendorHealth);
  return (
    <section className="detail-section" aria-labelledby="health-title">
      <h3 id="health-title">Uptime history</h3>
      {failure && <Problem failure={failure} onRetry={retry} compact />}
      {!failure && !checks && <p className="muted">Loading the latest checks…</p>}
      {checks && <History checks={checks} now={now} />}
    </section>
  );
}

function History({ checks, now }: { checks: HealthCheck[]; now: number }) {
  const newest = checks[0];
  if (!newest) return <p className="muted">Not checked yet.</p>;
  return (
    <>
      <p className="health-summary">
        {summary(checks)} <span className="muted">Last check {formatAge(newest.checkedAt, now)}.</span>
      </p>
      <ol className="health-bars" aria-label="Checks, oldest first">
        {[...checks].reverse().map((check, index) => (
          <li
            key={`${check.checkedAt}/${index}`}
            className={`health-bar health-bar--${check.status}`}
            title={words(check)}
          >
            <span className="health-bar__fill" style={{ height: `${height(check)}%` }} aria-hidden="true" />
            <span className="unseen">{words(check)}</span>
          </li>
        ))}
      </ol>
      <p className="health-key muted" aria-hidden="true">
        <span className="health-key__up">up</span>
        <span className="health-key__degraded">degraded</span>
        <span className="health-key__down">down</span>
        <span>taller is slower</span>
      </p>
    </>
  );
}

function summary(checks: HealthCheck[]): string {
  const parts = (["up", "degraded", "down"] as const).map((status) => {
    const count = checks.filter((check) => check.status === status).length;
    return count > 0 ? `${count} ${WORDS[status]}` : undefined;
  });
  return `Of ${checks.length} ${checks.length === 1 ? "check" : "checks"}: ${parts.filter(Boolean).join(", ")}.`;
}

function words(check: HealthCheck): string {
  const latency = formatLatency(check.responseTimeMs ?? 0);
  const parts = [WORDS[check.status], latency, reason(check)];
  return `${formatMoment(check.checkedAt)}: ${parts.filter(Boolean).join(", ")}`;
}

function reason(check: HealthCheck): string | undefined {
  if (check.error) return check.error.replace(/^http_/, "HTTP ").replaceAll("_", " ");
  return check.statusCode === undefined ? undefined : `HTTP ${check.statusCode}`;
}

function height(check: HealthCheck): number {
  if (check.status === "down") return 100;
  const share = Math.min(1, (check.responseTimeMs ?? 0) / TALLEST_MS);
  return Math.round(LEAST_HEIGHT + (100 - LEAST_HEIGHT) * Math.sqrt(share));
}
