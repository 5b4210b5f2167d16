"""The dashboard's panels: the one list that Grafana's file and its tests are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reference_service.ops.alerts import AGGREGATE_SECONDS, HEALTH_CHECK_SECONDS, ROUNDS_MISSED
from reference_service.ops.recording import OUR_ERRORS, failed_share, slow_share

# Grafana's variables; what is asked of Prometheus directly has values in their place.
OVER = "$__rate_interval"
ENDPOINT = "$endpoint"
_DAILY_ROUND = 86400


class Kind(StrEnum):
    TIME_SERIES = "timeseries"
    STAT = "stat"
    BAR_GAUGE = "bargauge"


class Unit(StrEnum):
    SECONDS = "s"
    SHARE = "percentunit"
    PER_SECOND = "reqps"
    PER_MINUTE = "reqpm"
    COUNT = "short"
    DAYS = "d"
    UP_OR_DOWN = "none"


@dataclass(frozen=True, slots=True)
class Query:
    expr: str
    legend: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """From `value` on the colour changes to `colour`."""

    value: float
    colour: str


@dataclass(frozen=True, slots=True)
class Panel:
    """`alerts` are those whose runbooks it links; `base` is the colour below every threshold."""

    title: str
    description: str
    kind: Kind
    unit: Unit
    queries: Sequence[Query]
    alerts: Sequence[str] = ()
    thresholds: Sequence[Threshold] = ()
    base: str = "green"


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    panels: Sequence[Panel]


def _percentile(share: float, metric: str) -> str:
    return f"histogram_quantile({share:g}, sum by (le) (rate({metric}_bucket[{OVER}])))"


def _progressing(worker: str, seconds: float) -> str:
    last = f'worker_last_success_timestamp_seconds{{worker="{worker}"}}'
    return f"time() - max by (worker) ({last}) < bool {ROUNDS_MISSED * seconds:g} or 0 * absent({last})"


_REQUESTS = f'discovery_requests_total{{endpoint=~"{ENDPOINT}"}}[{OVER}]'
_FAILURES = f'discovery_errors_total{{{OUR_ERRORS},endpoint=~"{ENDPOINT}"}}[{OVER}]'
_SEARCHES = f'discovery_requests_total{{endpoint=~"search|advanced_search"}}[{OVER}]'

_BRIEF = Row(
    "Marketplace",
    (
        Panel(
            "Search latency",
            "How long searches take, failures included. 95 of 100 should take no more than 200 ms.",
            Kind.TIME_SERIES,
            Unit.SECONDS,
            tuple(
                Query(_percentile(share, "discovery_search_duration_seconds"), f"p{share * 100:.0f}")
                for share in (0.5, 0.95, 0.99)
            ),
            ("DiscoveryHighLatency", "SearchLatencyBudgetBurnFast"),
            (Threshold(0.2, "orange"), Threshold(0.5, "red")),
        ),
        Panel(
            "Search requests per minute",
            "Searches that arrive, by the endpoint that they use.",
            Kind.TIME_SERIES,
            Unit.PER_MINUTE,
            (Query(f"60 * sum by (endpoint) (rate({_SEARCHES}))", "{{endpoint}}"),),
            ("RateLimitStorm",),
        ),
        Panel(
            "Error rate by endpoint",
            "The share of requests that we failed; faults of the client do not count.",
            Kind.TIME_SERIES,
            Unit.SHARE,
            (
                Query(
                    f"sum by (endpoint) (rate({_FAILURES})) / sum by (endpoint) (rate({_REQUESTS}))",
                    "{{endpoint}}",
                ),
            ),
            ("DiscoveryErrorRate", "AvailabilityBudgetBurnFast"),
            (Threshold(0.01, "red"),),
        ),
        Panel(
            "Health check success rate",
            "The share of the vendors' health checks whose outcome was up.",
            Kind.TIME_SERIES,
            Unit.SHARE,
            (
                Query(
                    f'sum(rate(health_check_status_total{{status="up"}}[{OVER}]))'
                    f" / sum(rate(health_check_status_total[{OVER}]))",
                    "up",
                ),
            ),
            ("VendorUptimeLow",),
            (Threshold(0.95, "green"),),
            base="red",
        ),
        Panel(
            "Vendor uptime distribution",
            "Active vendors by their uptime over seven days, in percent.",
            Kind.BAR_GAUGE,
            Unit.COUNT,
            (Query("max by (uptime) (vendors_by_uptime)", "{{uptime}}"),),
            ("VendorUptimeLow",),
        ),
        Panel(
            "Worker status",
            f"Up: a round has succeeded within the last {ROUNDS_MISSED} intervals.",
            Kind.STAT,
            Unit.UP_OR_DOWN,
            (
                Query(_progressing("health-checker", HEALTH_CHECK_SECONDS), "{{worker}}"),
                Query(_progressing("metrics-aggregator", AGGREGATE_SECONDS), "{{worker}}"),
                Query(_progressing("partition-manager", _DAILY_ROUND), "{{worker}}"),
            ),
            ("HealthCheckWorkerDown", "MetricsAggregatorDown"),
            (Threshold(1, "green"),),
            base="red",
        ),
    ),
)

_SIGNALS = Row(
    "The four golden signals",
    (
        Panel(
            "Latency: searches slower than 200 ms",
            "The share that counts against the objective of 5 %.",
            Kind.TIME_SERIES,
            Unit.SHARE,
            tuple(Query(slow_share(window), window) for window in ("5m", "1h", "6h", "3d")),
            ("SearchLatencyBudgetBurnFast", "SearchLatencyBudgetBurnSlow"),
            (Threshold(0.05, "orange"), Threshold(0.3, "red")),
        ),
        Panel(
            "Traffic: requests per second",
            "All requests to the marketplace.",
            Kind.TIME_SERIES,
            Unit.PER_SECOND,
            (Query(f"sum by (endpoint) (rate({_REQUESTS}))", "{{endpoint}}"),),
        ),
        Panel(
            "Errors: requests failed",
            "The share that counts against the objective of 1 %.",
            Kind.TIME_SERIES,
            Unit.SHARE,
            tuple(Query(failed_share(window), window) for window in ("5m", "1h", "6h", "3d")),
            ("AvailabilityBudgetBurnFast", "AvailabilityBudgetBurnSlow", "DiscoveryApiDown"),
            (Threshold(0.01, "orange"), Threshold(0.06, "red")),
        ),
        Panel(
            "Saturation: wait for a database connection",
            "How long queries wait; over 100 ms the pool is too small or queries take too long.",
            Kind.TIME_SERIES,
            Unit.SECONDS,
            (Query(_percentile(0.95, "database_pool_wait_seconds"), "p95"),),
            ("DatabasePoolSaturated",),
            (Threshold(0.1, "red"),),
        ),
    ),
)

_BELOW = Row(
    "Below the surface",
    (
        Panel(
            "Database connections in use",
            "On average, all processes together; and queries that got none in time.",
            Kind.TIME_SERIES,
            Unit.COUNT,
            (
                Query(f"sum(rate(database_pool_busy_seconds_total[{OVER}]))", "in use"),
                Query(f"sum(rate(database_pool_exhausted_total[{OVER}]))", "refused per second"),
            ),
            ("DatabasePoolSaturated",),
        ),
        Panel(
            "Requests over the rate limit",
            "Refused requests a second.",
            Kind.TIME_SERIES,
            Unit.PER_SECOND,
            (Query(f'sum(rate(discovery_errors_total{{error_type="rate_limited"}}[{OVER}]))', "refused"),),
            ("RateLimitStorm",),
        ),
        Panel(
            "Partitions ahead",
            "For how many days to come health checks have a partition.",
            Kind.STAT,
            Unit.DAYS,
            (Query("(max(health_partitions_until_timestamp_seconds) - time()) / 86400", "days"),),
            ("HealthPartitionsRunningOut",),
            (Threshold(31, "green"),),
            base="red",
        ),
        Panel(
            "Alerts that fire",
            "The dead man's switch always does.",
            Kind.STAT,
            Unit.COUNT,
            (Query('count by (alertname) (ALERTS{alertstate="firing"})', "{{alertname}}"),),
            ("Watchdog",),
        ),
        Panel(
            "Rounds of the workers",
            "Rounds per minute by outcome.",
            Kind.TIME_SERIES,
            Unit.PER_MINUTE,
            (
                Query(
                    f"60 * sum by (worker, outcome) (rate(worker_rounds_total[{OVER}]))",
                    "{{worker}} {{outcome}}",
                ),
            ),
            ("HealthCheckWorkerDown", "MetricsAggregatorDown"),
        ),
        Panel(
            "Duration of aggregations",
            "The 95th percentile of the metrics aggregator's rounds.",
            Kind.TIME_SERIES,
            Unit.SECONDS,
            (Query(_percentile(0.95, "metrics_aggregation_duration_seconds"), "p95"),),
            ("MetricsAggregatorDown",),
        ),
    ),
)

ROWS = (_BRIEF, _SIGNALS, _BELOW)
PANELS = tuple(panel for row in ROWS for panel in row.panels)
