"""Aggregates that count too much, too little, or too long ago."""

from typing import Any

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, sql


def _figure(name: str, requirement: str, description: str, part: str, old: str, new: str) -> Fault:
    return Fault(name, description, (requirement,), Level.WORKERS, sql(f"aggregate_{part}", old, new))


def _forgetful(right: Any) -> Any:
    def start(self: Any, **options: Any) -> None:
        right(self, **{**options, "invalidate": lambda: True})

    return start


FAULTS = (
    _figure(
        "degraded-is-up",
        "MA-01",
        "uptime counts degraded checks as up",
        "uptime",
        "status = 'up'",
        "status <> 'down'",
    ),
    _figure(
        "uptime-of-a-month", "MA-01", "uptime covers 30 days instead of 7", "uptime", "'7 days'", "'30 days'"
    ),
    _figure(
        "discrete-percentiles",
        "MA-02",
        "percentiles are one of the values, not interpolated",
        "latency",
        "percentile_cont",
        "percentile_disc",
    ),
    _figure(
        "latency-of-a-week",
        "MA-02",
        "latency covers 7 days instead of 24 hours",
        "latency",
        "'24 hours'",
        "'7 days'",
    ),
    _figure(
        "success-of-the-decided",
        "MA-03",
        "the success rate leaves out intents that are neither settled nor failed",
        "payments",
        "(WHERE status = 'settled') / count(*)",
        "(WHERE status = 'settled') / greatest(count(*) FILTER (WHERE status IN ('settled', 'failed')), 1)",
    ),
    _figure(
        "revenue-of-refunds",
        "MA-04",
        "refunded payments count as revenue",
        "payments",
        "sum(amount_usd) FILTER (WHERE status = 'settled')",
        "sum(amount_usd) FILTER (WHERE status IN ('settled', 'refunded'))",
    ),
    _figure(
        "revenue-in-floats",
        "MA-04",
        "revenue is summed in binary floating point",
        "payments",
        "sum(amount_usd)",
        "sum(amount_usd::double precision)",
    ),
    _figure(
        "agents-who-never-paid",
        "MA-05",
        "agents count whose payments did not settle",
        "payments",
        "count(DISTINCT agent_id) FILTER (WHERE status = 'settled')",
        "count(DISTINCT agent_id)",
    ),
    _figure(
        "rejected-disputes-cost",
        "MA-06",
        "a rejected dispute lowers the rating like an open one",
        "rating",
        "status = 'open'",
        "status <> 'upheld'",
    ),
    _figure(
        "rating-floor-too-low",
        "MA-06",
        "the rating falls below 1.0",
        "rating",
        "        1.0\n",
        "        0.5\n",
    ),
    _figure(
        "telemetry-is-no-request",
        "MA-03",
        "the last request leaves out telemetry",
        "activity",
        "(SELECT max(created_at) FROM gateway_telemetry WHERE vendor_id = vendors.id)",
        "NULL",
    ),
    _figure(
        "updates-keep-the-rating",
        "MA-07",
        "a second round does not update the rating",
        "upsert",
        "rating_score = CASE WHEN %(rating)s THEN excluded.rating_score ELSE kept.rating_score END,",
        "",
    ),
    Fault(
        "caches-keep-old-figures",
        "cached searches outlive the aggregator's round",
        ("PRF-02",),
        Level.WORKERS,
        around("workers.metrics_aggregator:MetricsAggregator.__init__", _forgetful),
    ),
)
