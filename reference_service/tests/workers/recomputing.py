"""The contract's formulas as one plain query over everything: what any way to aggregate must come to."""

from datetime import datetime
from typing import Any

from psycopg.rows import dict_row

from reference_service.tests.workers.database import Marketplace

_EVERYTHING = b"""
SELECT
    vendors.id,
    coalesce((
        SELECT round(100.0 * count(*) FILTER (WHERE status = 'up') / nullif(count(*), 0), 2)
        FROM vendor_health_checks
        WHERE vendor_id = vendors.id AND checked_at >= %(now)s - interval '7 days'
    ), 100)::float8 AS uptime_pct,
    coalesce(latency.average, 0) AS avg_latency_ms,
    coalesce(latency.p95, 0) AS p95_latency_ms,
    coalesce(latency.p99, 0) AS p99_latency_ms,
    payments.intents AS total_requests,
    coalesce(round(100.0 * payments.settled / nullif(payments.intents, 0), 2), 100)::float8 AS success_rate,
    coalesce(round(100.0 * payments.failed / nullif(payments.intents, 0), 2), 0)::float8 AS error_rate,
    payments.agents AS unique_agents,
    payments.revenue AS total_revenue_usd,
    greatest(payments.latest, (SELECT max(created_at) FROM gateway_telemetry WHERE vendor_id = vendors.id))
        AS last_request_at,
    (SELECT greatest(1.0, 5.0 - 0.5 * count(*) FILTER (WHERE status = 'upheld')
                              - 0.1 * count(*) FILTER (WHERE status = 'open'))
     FROM vendor_disputes WHERE vendor_id = vendors.id)::float8 AS rating_score
FROM vendors
CROSS JOIN LATERAL (
    SELECT avg(response_time_ms) AS average,
        percentile_cont(0.95) WITHIN GROUP (ORDER BY response_time_ms) AS p95,
        percentile_cont(0.99) WITHIN GROUP (ORDER BY response_time_ms) AS p99
    FROM gateway_telemetry
    WHERE vendor_id = vendors.id AND created_at >= %(now)s - interval '24 hours' AND response_time_ms < 1e9
) AS latency
CROSS JOIN LATERAL (
    SELECT count(*) AS intents, count(*) FILTER (WHERE status = 'settled') AS settled,
        count(*) FILTER (WHERE status = 'failed') AS failed, max(created_at) AS latest,
        count(DISTINCT agent_id) FILTER (WHERE status = 'settled') AS agents,
        coalesce(sum(amount_usd) FILTER (WHERE status = 'settled'), 0) AS revenue
    FROM payment_intents WHERE vendor_id = vendors.id
) AS payments
ORDER BY vendors.id
"""

Figures = dict[int, dict[str, Any]]


def recomputed(marketplace: Marketplace, now: datetime) -> Figures:
    with marketplace.connection.cursor(row_factory=dict_row) as cursor:
        return {row.pop("id"): row for row in cursor.execute(_EVERYTHING, {"now": now})}


def stored(marketplace: Marketplace) -> Figures:
    with marketplace.connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute("SELECT * FROM vendor_metrics ORDER BY vendor_id")
        return {row.pop("vendor_id"): row for row in rows}
