"""The alerts: the brief's five by its names, thresholds, durations and severities, and ours."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from reference_service.ops.pace import DAY, HOUR, MINUTE, Pace
from reference_service.ops.recording import OUR_ERRORS, failed_share, slow_share

RUNBOOKS = "docs/operations"
HEALTH_CHECK_SECONDS = 60
AGGREGATE_SECONDS = 300
ROUNDS_MISSED = 3


class Severity(StrEnum):
    CRITICAL = "critical"
    WARNING = "warning"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Alert:
    """`hold` seconds the expression must be true; `summary` and `description` are Prometheus templates."""

    name: str
    expr: str
    hold: float
    severity: Severity
    summary: str
    description: str

    @property
    def runbook(self) -> str:
        words = re.findall(r"[A-Z][a-z]*", self.name)
        return f"{RUNBOOKS}/{'-'.join(words).lower()}.md"


def alerts(pace: Pace) -> tuple[Alert, ...]:
    return (
        *_of_requests(pace),
        *_of_workers(pace),
        *_of_resources(pace),
        *_of_budgets(),
        Alert(
            "Watchdog",
            "vector(1)",
            0,
            Severity.NONE,
            "The alerting works",
            "Fires always. Its receiver raises the alarm when it no longer hears of it.",
        ),
    )


def _of_requests(pace: Pace) -> Iterator[Alert]:
    window = pace(5 * MINUTE)
    buckets = f"sum by (le) (rate(discovery_search_duration_seconds_bucket[{window}]))"
    yield Alert(
        "DiscoveryHighLatency",
        f"histogram_quantile(0.95, {buckets}) > 0.5",
        5 * MINUTE,
        Severity.WARNING,
        "Searches are slow",
        "The 95th percentile of searches is {{ $value | humanizeDuration }}; the limit is 500 ms.",
    )
    failed = f"sum by (endpoint) (rate(discovery_errors_total{{{OUR_ERRORS}}}[{window}]))"
    asked = f"sum by (endpoint) (rate(discovery_requests_total[{window}]))"
    yield Alert(
        "DiscoveryErrorRate",
        f"{failed} / {asked} > 0.01",
        5 * MINUTE,
        Severity.WARNING,
        "Requests fail",
        "{{ $value | humanizePercentage }} of requests to {{ $labels.endpoint }} fail; the limit is 1 %.",
    )
    yield Alert(
        "DiscoveryApiDown",
        'min by (job) (up{job="discovery"}) == 0 or absent(discovery_requests_total{job="discovery"})',
        2 * MINUTE,
        Severity.CRITICAL,
        "The API cannot be measured",
        "An instance of the API, or all of them, cannot be scraped: latency and errors are unknown.",
    )


def _of_workers(pace: Pace) -> Iterator[Alert]:
    yield _stalled(
        "HealthCheckWorkerDown",
        "health-checker",
        pace.seconds(ROUNDS_MISSED * HEALTH_CHECK_SECONDS),
        5 * MINUTE,
        Severity.CRITICAL,
    )
    yield _stalled(
        "MetricsAggregatorDown",
        "metrics-aggregator",
        pace.seconds(ROUNDS_MISSED * AGGREGATE_SECONDS),
        10 * MINUTE,
        Severity.WARNING,
    )
    yield Alert(
        "VendorUptimeLow",
        "min by (vendor_id) (vendor_uptime_pct) < 95",
        15 * MINUTE,
        Severity.WARNING,
        "A vendor is often down",
        "Vendor {{ $labels.vendor_id }} was up in {{ $value }} % of the last seven days' checks.",
    )


def _stalled(name: str, worker: str, limit: float, hold: float, severity: Severity) -> Alert:
    """Judged by progress: a process that is up may hang, and a round may fail again and again."""
    last = f'worker_last_success_timestamp_seconds{{worker="{worker}"}}'
    return Alert(
        name,
        f"time() - max by (worker) ({last}) > {limit:g} or absent({last})",
        hold,
        severity,
        f"The {worker} makes no progress",
        f"No round of the {worker} has succeeded for more than {limit:g} s, or nothing is known of it.",
    )


def _of_resources(pace: Pace) -> Iterator[Alert]:
    window = pace(5 * MINUTE)
    waits = "database_pool_wait_seconds"
    all_waits = f"sum(rate({waits}_count[{window}]))"
    quick = f'sum(rate({waits}_bucket{{le="0.1"}}[{window}]))'
    yield Alert(
        "DatabasePoolSaturated",
        f"1 - {quick} / {all_waits} > 0.05 or sum(rate(database_pool_exhausted_total[{window}])) > 0",
        5 * MINUTE,
        Severity.WARNING,
        "Queries wait for connections",
        "More than 5 % of queries wait over 100 ms for a connection of the pool, or get none in time.",
    )
    refused = f'sum(rate(discovery_errors_total{{error_type="rate_limited"}}[{window}]))'
    asked = f"sum(rate(discovery_requests_total[{window}]))"
    yield Alert(
        "RateLimitStorm",
        f"{refused} / {asked} > 0.2 and {refused} > 1",
        5 * MINUTE,
        Severity.WARNING,
        "Many requests are refused by the rate limit",
        "{{ $value | humanizePercentage }} of requests are over their client's limit.",
    )
    until = "health_partitions_until_timestamp_seconds"
    yield Alert(
        "HealthPartitionsRunningOut",
        f"max({until}) - time() < {31 * DAY:.0f} or absent({until})",
        HOUR,
        Severity.WARNING,
        "Health checks will soon have no partition",
        "The partitions of vendor_health_checks do not reach 31 days ahead, or nothing is known of them.",
    )


def _of_budgets() -> Iterator[Alert]:
    """Multi-window burn rates over 30 days: the long window says how bad, the short one that it lasts."""
    objectives: tuple[tuple[str, Callable[[str], str], float, str], ...] = (
        ("Availability", failed_share, 0.01, "99 % of requests answered without a fault of ours"),
        ("SearchLatency", slow_share, 0.05, "95 % of searches within 200 ms"),
    )
    for name, share, budget, objective in objectives:
        fast = _burning(share, 14.4 * budget, "1h", "5m"), _burning(share, 6 * budget, "6h", "30m")
        yield Alert(
            f"{name}BudgetBurnFast",
            " or ".join(fast),
            2 * MINUTE,
            Severity.CRITICAL,
            f"The error budget of {objective} is used up in days",
            "At {{ $value | humanizePercentage }} misses the month's budget does not last the week.",
        )
        yield Alert(
            f"{name}BudgetBurnSlow",
            _burning(share, budget, "3d", "6h"),
            HOUR,
            Severity.WARNING,
            f"The error budget of {objective} does not last the month",
            "{{ $value | humanizePercentage }} misses over three days, and it goes on.",
        )


def _burning(share: Callable[[str], str], limit: float, long: str, short: str) -> str:
    return f"({share(long)} > {limit:g} and {share(short)} > {limit:g})"
