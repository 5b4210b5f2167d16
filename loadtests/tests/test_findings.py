"""One rule at a time against what was measured."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.evidence import Status
from loadtests.findings import find
from loadtests.histogram import Histogram
from loadtests.rules import (
    Errors,
    Latency,
    LatencyDrift,
    MemoryDrift,
    Recovery,
    Restarts,
    Rule,
    Service,
    Statuses,
)
from loadtests.tests.measured import always, evidence, plan_of, sample

P95 = Latency(percentile=95, below_ms=200)
RECOVERY = Recovery(
    before="before", after="after", factor=1.2, margin_ms=20, within_seconds=10, window_seconds=3
)
SHORT = plan_of(duration=10.0)
SPIKE = plan_of("spike")
AFTER = 80.0  # seconds into the spike at which its last phase begins


@pytest.mark.parametrize(
    ("rule", "latency", "status"),
    [
        (P95, always(160.0), Status.PASS),
        (P95, always(250.0), Status.FAIL),
        (P95, always(200.0), Status.FAIL),
        (P95, lambda due: 1000.0 if due % 1 < 0.04 else 1.0, Status.PASS),
        (P95, lambda due: 1000.0 if due % 1 < 0.06 else 1.0, Status.FAIL),
        (Service(percentile=95, below_ms=200), always(250.0), Status.PASS),
        (P95, always(None), Status.UNDECIDED),
        (Latency(percentile=95, below_ms=200, phase="steady"), always(10.0), Status.PASS),
        (Latency(percentile=95, below_ms=200, window_seconds=2), always(10.0), Status.PASS),
        (
            Latency(percentile=95, below_ms=200, window_seconds=2),
            lambda due: 500.0 if 4 <= due < 4.4 else 1.0,
            Status.FAIL,
        ),
        (P95, lambda due: 500.0 if 4 <= due < 4.4 else 1.0, Status.PASS),
        (Latency(percentile=95, below_ms=200, window_seconds=60), always(10.0), Status.UNDECIDED),
    ],
)
def test_percentiles(rule: Rule, latency: Callable[[float], float | None], status: Status) -> None:
    assert find(rule, evidence(SHORT, latency)).status is status


@pytest.mark.parametrize("window", [20, 60])
def test_a_window_that_was_not_answered_fails(window: int) -> None:
    """Refused from second 40 to 80: of a window of 60 s some is answered, but no p95 of it is known."""
    rule = Latency(percentile=95, below_ms=200, window_seconds=window)
    seen = evidence(plan_of(duration=120.0), lambda due: None if 40 <= due < 80 else 10.0)
    finding = find(rule, seen)
    assert finding.status is Status.FAIL
    assert f"{window} s from second" in finding.observed


def test_a_window_may_leave_as_much_unanswered_as_its_percentile_leaves_out() -> None:
    rule = Latency(percentile=95, below_ms=200, window_seconds=10)
    seen = evidence(plan_of(duration=20.0), lambda due: None if due % 1 < 0.03 else 10.0)
    assert find(rule, seen).status is Status.PASS


def test_a_window_with_too_few_requests_decides_nothing() -> None:
    rule = Latency(percentile=95, below_ms=200, window_seconds=1)
    assert find(rule, evidence(SPIKE)).status is Status.UNDECIDED
    slow = find(rule, evidence(SPIKE, lambda due: 500.0 if 40 <= due < 42 else 10.0))
    assert slow.status is Status.FAIL


def test_requests_that_are_still_on_their_way_are_not_lost() -> None:
    rule = Latency(percentile=95, below_ms=200, window_seconds=2)
    seen = evidence(SHORT)
    for key, cell in seen.measurement.cells.items():
        if key.second >= 8:
            cell.latency = Histogram()
    assert find(rule, seen).status is Status.UNDECIDED


def test_few_answers_to_many_requests_are_not_excused_by_a_short_run() -> None:
    assert not find(P95, evidence(SHORT, lambda due: 10.0 if due < 0.05 else None)).too_short
    assert find(P95, evidence(plan_of(duration=0.05))).too_short


def test_a_window_longer_than_the_run_is_a_matter_of_time() -> None:
    finding = find(Latency(percentile=95, below_ms=200, window_seconds=60), evidence(SHORT))
    assert finding.too_short
    assert "longer than the run" in finding.message


def test_no_samples_decide_nothing() -> None:
    nothing = evidence(plan_of(duration=0.05, rate=100.0))
    nothing.measurement.cells.clear()
    for rule in (
        P95,
        Errors(below_percent=1),
        Statuses(kind="5xx", at_most=0),
        RECOVERY,
        Restarts(at_most=0),
    ):
        assert find(rule, nothing).status is Status.UNDECIDED


@pytest.mark.parametrize(
    ("every", "status"), [(0, Status.PASS), (2000, Status.PASS), (1000, Status.FAIL), (10, Status.FAIL)]
)
def test_error_rates(every: int, status: Status) -> None:
    seen = evidence(
        plan_of(duration=40.0), failing=lambda n: "status_500" if every and n % every == 0 else ""
    )
    finding = find(Errors(below_percent=0.1), seen)
    assert finding.status is status
    assert ("× status_500" in finding.message) is (status is Status.FAIL)


def test_a_single_answer_of_a_forbidden_class_fails() -> None:
    rule = Statuses(kind="5xx", at_most=0)
    assert find(rule, evidence(SHORT)).status is Status.PASS
    assert find(rule, evidence(SHORT, failing=lambda n: "status_500" if n == 5 else "")).status is Status.FAIL


@pytest.mark.parametrize(
    ("latency", "status", "observed"),
    [
        (always(10.0), Status.PASS, "back after 0 s"),
        (lambda due: 800.0 if 35 < due < AFTER + 4 else 10.0, Status.PASS, "back after 4 s"),
        (lambda due: 800.0 if 35 < due < AFTER + 15 else 10.0, Status.FAIL, "back after 15 s"),
        (lambda due: 800.0 if due > 35 else 10.0, Status.FAIL, "not back after 40 s"),
        (lambda due: None if due > 35 else 10.0, Status.FAIL, "not back after 40 s"),
        (lambda due: 29.0 if due > 35 else 10.0, Status.PASS, "back after 0 s"),
        (lambda due: 31.0 if due > 35 else 10.0, Status.FAIL, "not back"),
        (lambda due: 235.0 if due > 35 else 200.0, Status.PASS, "limit 240"),
    ],
)
def test_recovery(latency: Callable[[float], float | None], status: Status, observed: str) -> None:
    finding = find(RECOVERY, evidence(SPIKE, latency))
    assert (finding.status, observed in finding.observed) == (status, True), finding


def test_one_outlier_is_no_relapse() -> None:
    finding = find(RECOVERY, evidence(SPIKE, lambda due: 500.0 if 110 <= due < 110.05 else 10.0))
    assert finding.status is Status.PASS


def test_a_rehearsal_too_short_to_see_the_recovery_says_so() -> None:
    finding = find(
        RECOVERY, evidence(plan_of("spike", rehearsal=True), lambda due: 800.0 if due > 5 else 10.0)
    )
    assert (finding.status, finding.too_short) == (Status.UNDECIDED, True)


def test_a_lost_process_fails() -> None:
    rule = Restarts(at_most=0)
    assert find(rule, evidence(SHORT, samples=(sample(0), sample(1)))).status is Status.PASS
    lost = find(rule, evidence(SHORT, samples=(sample(0), sample(1, restarts=1), sample(2))))
    assert lost.status is Status.FAIL


def test_a_kill_for_memory_never_passes() -> None:
    """Of whom is known only where a process of the target ended."""
    rule, one_ended = Restarts(at_most=0), (sample(0), sample(1, restarts=1))
    killed = find(rule, replace(evidence(SHORT, samples=one_ended), oom_kills=1))
    assert (killed.status, "killed 1 processes for memory" in killed.message) == (Status.FAIL, True)
    other = find(rule, replace(evidence(SHORT, samples=(sample(0),)), oom_kills=1))
    assert (other.status, "killed 1 processes for memory" in other.message) == (Status.UNDECIDED, True)


MEMORY = MemoryDrift(below=0.8, needs_seconds=540)
LATENCY = LatencyDrift(below=0.8, needs_seconds=540)
TEN_MINUTES = plan_of("search", duration=600.0, rate=5.0)


@pytest.mark.parametrize(
    ("a_minute", "status"), [(0.0, Status.PASS), (1.25, Status.FAIL), (-2.0, Status.PASS)]
)
def test_memory_that_grows(a_minute: float, status: Status) -> None:
    noise = random.Random(4)
    samples = tuple(
        sample(t, rss=100e6 + a_minute * 1e6 * t / 60 + noise.gauss(0, 0.5e6)) for t in range(600)
    )
    finding = find(MEMORY, evidence(TEN_MINUTES, samples=samples))
    assert finding.status is status, finding
    assert "smallest growth that this run could have seen" in finding.message


@pytest.mark.parametrize(("a_minute", "status"), [(0.0, Status.PASS), (1.25, Status.FAIL)])
def test_latency_that_grows(a_minute: float, status: Status) -> None:
    noise = random.Random(4)
    finding = find(
        LATENCY,
        evidence(TEN_MINUTES, lambda due: 20 * (1 + a_minute / 100 * due / 60) * noise.gauss(1, 0.03)),
    )
    assert finding.status is status, finding


def test_drift_needs_time_and_samples() -> None:
    assert find(MEMORY, evidence(SHORT)).too_short
    assert find(MEMORY, evidence(TEN_MINUTES)).status is Status.UNDECIDED
    assert find(LATENCY, evidence(TEN_MINUTES, always(None))).status is Status.UNDECIDED


def test_a_growth_that_noise_hides_is_not_decided() -> None:
    noise = random.Random(1)
    samples = tuple(sample(t, rss=2e9 + noise.gauss(0, 200e6)) for t in range(600))
    finding = find(MEMORY, evidence(TEN_MINUTES, samples=samples))
    assert (finding.status, finding.too_short) == (Status.UNDECIDED, False)
