"""For each alert a case in which it fires, one close to it in which it is silent, and no series at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reference_service.ops.alerts import Alert, alerts
from reference_service.ops.pace import HOUR, MINUTE, PRODUCTION, spelled

Series = Mapping[str, str]
"""Values of series by name and labels, one a minute, as promtool writes them."""

_SETTLED = 2 * HOUR + 10 * MINUTE
_LENGTH = 140
_ASKED = "discovery_requests_total{job='discovery',endpoint='search'}"
_FAILED = "discovery_errors_total{job='discovery',endpoint='search',error_type='internal_error'}"
_SEARCHES = "discovery_search_duration_seconds"


@dataclass(frozen=True, slots=True)
class Case:
    """`when_absent`: also fires where there is no series at all. `settled`: when a past incident is over."""

    fires: Series
    silent: Series
    when_absent: bool = False
    settled: float = 0


def _steady(each_minute: float, start: float = 0) -> str:
    return f"{start:g}+{each_minute:g}x{_LENGTH}"


def _errors(share: float, code: str = "internal_error") -> Series:
    failed = _FAILED.replace("internal_error", code)
    return {_ASKED: _steady(6000), failed: _steady(6000 * share)}


def _over(count: int) -> Series:
    """All requests failed in the first half hour, none since."""
    return {_ASKED: _steady(6000), _FAILED: f"0+6000x30 180000x{count}"}


def _searches(fast: float, within_half_a_second: float) -> Series:
    buckets = {"0.2": fast, "0.5": within_half_a_second, "1": 100.0, "+Inf": 100.0}
    rows = {f"{_SEARCHES}_bucket{{le='{le}'}}": _steady(count) for le, count in buckets.items()}
    return rows | {f"{_SEARCHES}_count": _steady(100)}


def _slow_once(count: int) -> Series:
    return {f"{_SEARCHES}_bucket{{le='0.2'}}": f"0x30 0+100x{count}", f"{_SEARCHES}_count": _steady(100)}


def _success(every: int) -> str:
    """The time of the last success, `every` seconds a minute later; 0: there was none after the first."""
    return f"60+{every}x{_LENGTH}"


def _worker(worker: str, values: str) -> Series:
    return {f"worker_last_success_timestamp_seconds{{worker='{worker}'}}": values}


def _waits(quick: float, exhausted: float) -> Series:
    return {
        "database_pool_wait_seconds_bucket{le='0.1'}": _steady(quick),
        "database_pool_wait_seconds_count": _steady(1000),
        "database_pool_exhausted_total": _steady(exhausted),
    }


def _reach(days: float) -> Series:
    return {"health_partitions_until_timestamp_seconds": _steady(0, days * 86400)}


CASES: Mapping[str, Case] = {
    "DiscoveryHighLatency": Case(_searches(80, 94), _searches(80, 96)),
    "DiscoveryErrorRate": Case(_errors(0.011), {**_errors(0.9, "not_found"), **_errors(0.009)}),
    "DiscoveryApiDown": Case(
        {"up{job='discovery',instance='a'}": _steady(0, 1), "up{job='discovery',instance='b'}": _steady(0)},
        {"up{job='discovery',instance='a'}": _steady(0, 1), _ASKED: _steady(1)},
        when_absent=True,
    ),
    "HealthCheckWorkerDown": Case(
        _worker("health-checker", _success(0)),
        _worker("health-checker", _success(60)),
        when_absent=True,
    ),
    "MetricsAggregatorDown": Case(
        _worker("metrics-aggregator", _success(0)),
        _worker("metrics-aggregator", _success(60)),
        when_absent=True,
    ),
    "VendorUptimeLow": Case(
        {"vendor_uptime_pct{vendor_id='7'}": _steady(0, 94.9)},
        {"vendor_uptime_pct{vendor_id='7'}": _steady(0, 95)},
    ),
    "DatabasePoolSaturated": Case(_waits(940, 0), _waits(960, 0)),
    "RateLimitStorm": Case(_errors(0.3, "rate_limited"), _errors(0.1, "rate_limited")),
    "HealthPartitionsRunningOut": Case(_reach(31), _reach(32), when_absent=True),
    "AvailabilityBudgetBurnFast": Case(_errors(0.15), _over(110), settled=_SETTLED),
    "AvailabilityBudgetBurnSlow": Case(_errors(0.02), _errors(0.009)),
    "SearchLatencyBudgetBurnFast": Case(_searches(20, 50), _slow_once(110), settled=_SETTLED),
    "SearchLatencyBudgetBurnSlow": Case(_searches(94, 99), _searches(96, 99)),
    "Watchdog": Case({}, {}, when_absent=True),
}


def cases_document(rules: str) -> dict[str, Any]:
    """promtool's test file for the rules in that file."""
    tests = [test for alert in alerts(PRODUCTION) for test in _tests(alert, CASES[alert.name])]
    return {"rule_files": [rules], "evaluation_interval": "1m", "tests": tests}


def _tests(alert: Alert, case: Case) -> Iterator[dict[str, Any]]:
    late = alert.hold + 20 * MINUTE
    if alert.hold:
        yield _test(alert, "fires", case.fires, {alert.hold - MINUTE: False, late: True})
        yield _test(alert, "silent", case.silent, {max(late, case.settled): False})
    yield _test(alert, "absent", {}, {late: case.when_absent})


def _test(alert: Alert, name: str, series: Series, firing: Mapping[float, bool]) -> dict[str, Any]:
    labels = f'alertname="{alert.name}",severity="{alert.severity}"'
    return {
        "name": f"{alert.name} {name}",
        "interval": "1m",
        "input_series": [{"series": key, "values": values} for key, values in series.items()],
        "promql_expr_test": [
            {
                "expr": f'count by (alertname, severity) (ALERTS{{alertstate="firing",{labels}}})',
                "eval_time": spelled(at),
                "exp_samples": [{"labels": f"{{{labels}}}", "value": 1}] if fires else [],
            }
            for at, fires in firing.items()
        ],
    }
