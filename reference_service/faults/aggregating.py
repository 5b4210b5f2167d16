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


def _featured_of_every_generation(right: Any) -> Any:
    def answer(self: Any, generation: str | None, kind: str, *rest: Any) -> Any:
        return right(self, "one" if generation and kind == "featured" else generation, kind, *rest)

    return answer


def _until_it_expires(right: Any) -> Any:
    return lambda self, _, now: right(self, self.generation, now)


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
        "old-checks-stay",
        "MA-01",
        "a check that has left the week goes on counting after the first round",
        "uptime_shift",
        "THEN -1 ELSE 1 END",
        "THEN 0 ELSE 1 END",
    ),
    _figure(
        "old-calls-stay",
        "MA-02",
        "a call that has left the day goes on counting after the first round",
        "latency_shift",
        "THEN -1 ELSE 1 END",
        "THEN 0 ELSE 1 END",
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
    Fault(
        "updates-keep-the-rating",
        "a second round does not update the rating",
        ("MA-07",),
        Level.WORKERS,
        sql(
            "aggregate_rating_figures", "coalesce(fresh.rating_score, kept.rating_score)", "kept.rating_score"
        ),
    ),
    Fault(
        "caches-keep-old-figures",
        "cached searches outlive the aggregator's round",
        ("PRF-02",),
        Level.WORKERS,
        around("workers.metrics_aggregator:MetricsAggregator.__init__", _forgetful),
    ),
    _figure(
        "uptime-to-one-place",
        "MA-01",
        "uptime has one decimal",
        "uptime",
        "/ count(*), 2)",
        "/ count(*), 1)",
    ),
    _figure(
        "p95-is-p90",
        "MA-02",
        "p95 is the ninetieth percentile",
        "latency",
        "percentile_cont(0.95)",
        "percentile_cont(0.90)",
    ),
    _figure(
        "average-is-the-median",
        "MA-02",
        "the average latency is the median",
        "latency",
        "avg(response_time_ms)",
        "percentile_cont(0.5) WITHIN GROUP (ORDER BY response_time_ms)",
    ),
    _figure(
        "refunds-are-errors",
        "MA-03",
        "refunded intents count in the error rate",
        "payments",
        "(WHERE status = 'failed')",
        "(WHERE status IN ('failed', 'refunded'))",
    ),
    _figure(
        "intents-of-a-month",
        "MA-03",
        "intents older than thirty days do not count",
        "payments",
        "FROM payment_intents",
        "FROM (SELECT * FROM payment_intents WHERE created_at >= now() - interval '30 days')"
        " AS payment_intents",
    ),
    _figure(
        "rates-cut-off",
        "MA-03",
        "the success rate is cut off, not rounded",
        "payments",
        "round(100.0 * count(*) FILTER (WHERE status = 'settled')",
        "trunc(100.0 * count(*) FILTER (WHERE status = 'settled')",
    ),
    _figure(
        "open-disputes-are-free",
        "MA-06",
        "an open dispute costs nothing",
        "rating",
        "0.1 * count(*)",
        "0.0 * count(*)",
    ),
    _figure(
        "upheld-disputes-cost-less",
        "MA-06",
        "an upheld dispute costs 0.4",
        "rating",
        "0.5 * count(*)",
        "0.4 * count(*)",
    ),
    _figure(
        "last-request-was-paid",
        "MA-03",
        "only settled intents count as the last request",
        "activity",
        "FROM payment_intents WHERE",
        "FROM payment_intents WHERE status = 'settled' AND",
    ),
    Fault(
        "updated-at-stands-still",
        "a second round does not date the figures anew",
        ("MA-07",),
        Level.WORKERS,
        sql(
            "details",
            "greatest(m.updated_at, (SELECT min(as_of) FROM aggregation_watermarks))",
            "m.updated_at",
        ),
    ),
    Fault(
        "featured-outlives-the-round",
        "featured vendors are served as they were cached, whatever the aggregator's round has changed",
        ("PRF-02",),
        Level.WORKERS,
        around("cache.answers:AnswerCache.answer", _featured_of_every_generation),
    ),
    Fault(
        "generations-ignored",
        "what is cached is served until it expires, whatever was invalidated",
        ("PRF-02",),
        Level.WORKERS,
        around("cache.answers:_Entry.valid_in", _until_it_expires),
    ),
)
