"""The two workers in a row: checks that one records are what the other counts, and both leave a heartbeat.

Meanwhile some of what the first round of the aggregator counted grows too old for the last one.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import pytest

from harness.contract.client import Client
from harness.contract.expect import expect_field, expect_json
from harness.contract.paths import VENDORS
from harness.contract.suite import Suite
from harness.contract.workers.aggregates import must_be_near, must_equal
from harness.contract.workers.histories import LEAVES_AFTER, LEAVING, History, build
from harness.contract.workers.rounds import run_worker
from harness.contract.workers.vendors import checked_vendor, now, past_check
from harness.evidence import Json
from harness.fixtures.aggregation import aggregate
from harness.fixtures.dataset import Dataset
from harness.target import Workers

NUMBER = 99
CLOCKS = timedelta(seconds=3)  # the target's may be behind ours
SLACK = timedelta(seconds=5)


@dataclass(frozen=True)
class Together:
    """What was seen after each of the two rounds, and when they were driven.

    `left` are the details of the vendors of LEAVING by their names, of a round after the moment `left_at`.
    """

    started: datetime
    uptime_at_first: Json
    checks: Json
    uptime_at_last: Json
    heartbeats: Json
    ended: datetime
    dataset: Dataset
    left: Mapping[str, Json]
    left_at: datetime


@pytest.fixture(scope="session")
def together(worker_suite: Suite) -> Together:
    """Aggregate, check once more (the address is blocked, so it is down), wait, aggregate again."""
    workers, at = worker_suite.target.workers or Workers(), now()
    past = [
        past_check(word, at - timedelta(hours=place + 1))
        for place, word in enumerate(["up"] * 10 + ["down"] * 2)
    ]
    vendor = checked_vendor(NUMBER, "Vendor of ten and two", "http://127.0.0.1:9", "/health", at)
    leaving, left_at = build(LEAVING, at), at + LEAVES_AFTER + CLOCKS
    vendors = (*leaving.vendors, msgspec.structs.replace(vendor, health_checks=tuple(past)))
    worker_suite.loader.load(dataset := msgspec.structs.replace(leaving, vendors=vendors))
    client = worker_suite.client(rotating=True)
    try:
        run_worker(worker_suite, workers.aggregate_metrics, "aggregate_metrics")
        first = _uptime(client)
        run_worker(worker_suite, workers.check_health, "check_health")
        _let_pass(left_at)
        run_worker(worker_suite, workers.aggregate_metrics, "aggregate_metrics")
        checks = expect_field(client.get(f"{VENDORS}/{NUMBER}/health"), "checks")
        heartbeats = expect_field(client.get("/health/workers"), "workers")
        left = {v.service_name: expect_json(client.get(f"{VENDORS}/{v.id}")) for v in leaving.vendors}
        return Together(at, first, checks, _uptime(client), heartbeats, now(), dataset, left, left_at)
    finally:
        client.close()


def _let_pass(moment: datetime) -> None:
    while now() < moment:
        time.sleep(0.1)


def _uptime(client: Client) -> Json:
    return expect_field(client.get(f"{VENDORS}/{NUMBER}"), "uptimePct")


@pytest.mark.requirement("MA-01", "MA-07")
def test_a_fresh_check_counts_in_the_next_round(together: Together) -> None:
    assert together.uptime_at_first == 83.33, "10 up and 2 down"
    assert together.uptime_at_last == 76.92, "10 up and 3 down"


@pytest.mark.requirement("MA-01", "MA-02")
@pytest.mark.parametrize("history", LEAVING, ids=lambda history: history.name.replace(" ", "-"))
def test_what_has_left_the_window_counts_no_more(together: Together, history: History) -> None:
    name = f"Vendor that {history.name}"
    vendor = next(vendor for vendor in together.dataset.vendors if vendor.service_name == name)
    expected, shown = aggregate(together.dataset, vendor, together.left_at), together.left[name]["metrics"]
    must_equal("uptimePct", shown["uptimePct"], expected.uptime_pct, history)
    must_be_near("avgLatencyMs", shown["avgLatencyMs"], expected.avg_latency_ms, history)
    must_be_near("p95LatencyMs", shown["p95LatencyMs"], expected.p95_latency_ms, history)
    must_be_near("p99LatencyMs", shown["p99LatencyMs"], expected.p99_latency_ms, history)


@pytest.mark.requirement("API-11")
def test_a_fresh_check_is_the_newest_of_the_history(together: Together) -> None:
    dates = [datetime.fromisoformat(check["checkedAt"]) for check in together.checks]
    assert len(dates) == 13
    assert dates == sorted(dates, reverse=True), "the history is not ordered newest first"
    assert together.checks[0]["error"] == "blocked_address"


@pytest.mark.requirement("MON-06")
@pytest.mark.capability("health_endpoints")
@pytest.mark.parametrize("worker", ["healthChecker", "metricsAggregator"])
def test_a_round_leaves_a_heartbeat(together: Together, worker: str) -> None:
    heartbeat = together.heartbeats[worker]
    assert heartbeat["running"] is True, f"{worker} ran a moment ago"
    last = datetime.fromisoformat(heartbeat["lastRun"])
    assert together.started - SLACK <= last <= together.ended + SLACK, f"{worker} last ran at {last}"
