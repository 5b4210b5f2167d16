"""What several generators measured is what one would have."""

import math

import pytest

from loadtests.measurement import Key, Measurement
from loadtests.summary import groups, lateness, timeline
from loadtests.tests.measured import always, measured, plan_of

PLAN = plan_of("mix", duration=12.0, rate=80.0)


def _latency(due: float) -> float | None:
    return None if 3 <= due < 3.1 else 5 + due * 7 % 90


def _one_of_few(due: float) -> float:
    """So few that several generators meet the same in the same second."""
    return 5.0 + round(due * 80) % 7 * 10


@pytest.mark.parametrize("generators", [2, 3])
def test_merged_percentiles_are_the_pooled_ones(generators: int) -> None:
    """Each generator has some of the requests of each second, and sends what it measured in a message."""
    merged, pooled = Measurement(), measured(PLAN, _one_of_few)
    for share in range(generators):
        part = measured(PLAN, _one_of_few, share=share, of=generators)
        merged.add(Measurement.from_message(part.to_message()))
    assert _flat(merged) == _flat(pooled)
    assert groups(PLAN, merged) == groups(PLAN, pooled)
    assert timeline(PLAN, merged) == timeline(PLAN, pooled)
    assert lateness(merged) == lateness(pooled)
    samples = sorted(_one_of_few(arrival.due) for arrival, _ in PLAN.requests())
    latency = groups(PLAN, merged)[0].latency
    assert latency is not None
    for percent, found in ((50, latency.p50), (90, latency.p90), (95, latency.p95), (99, latency.p99)):
        assert found == pytest.approx(samples[math.ceil(len(samples) * percent / 100) - 1], rel=0.001)


def _flat(measurement: Measurement) -> dict[Key, tuple[int, dict[int, int], dict[int, int]]]:
    return {
        key: (cell.sent, cell.latency.counts, cell.service.counts) for key, cell in measurement.cells.items()
    }


def test_the_timeline_tells_what_was_asked_sent_served_and_lost() -> None:
    seconds = timeline(PLAN, measured(PLAN, _latency))
    assert [second.t for second in seconds] == list(range(12))
    assert sum(second.asked for second in seconds) == 960
    third = seconds[3]
    assert (third.asked, third.sent, third.served, third.errors) == (80, 80, 72, 8)
    assert third.p50 is not None
    assert third.service_p95 is not None


def test_a_second_that_nothing_answered_has_no_latency() -> None:
    seconds = timeline(PLAN, measured(PLAN, always(None)))
    assert {second.p95 for second in seconds} == {None}


def test_what_was_not_sent_is_still_asked() -> None:
    seconds = timeline(PLAN, Measurement())
    assert [second.asked for second in seconds] == [80] * 12
    assert [second.sent for second in seconds] == [0] * 12


def test_a_run_that_ended_early_is_asked_no_more() -> None:
    found = groups(PLAN, measured(PLAN, _latency), until=6.0)
    assert found[0].asked == 480


def test_groups_cover_endpoints_phases_and_their_sums() -> None:
    found = groups(PLAN, measured(PLAN, _latency))
    names = {(group.endpoint, group.phase) for group in found}
    endpoints = {"all", "search", "featured", "categories", "details"}
    assert names == {(endpoint, phase) for endpoint in endpoints for phase in ("all", "steady")}
    whole = next(group for group in found if group.endpoint == group.phase == "all")
    parts = [group for group in found if group.endpoint != "all" and group.phase == "all"]
    assert whole.count == sum(group.count for group in parts) == 952
    assert whole.failures == {"connection_refused": 8}


def test_lateness_counts_what_is_over_the_limit() -> None:
    late = lateness(measured(PLAN, _latency, late_ms=lambda n: 80.0 if n % 10 == 0 else 1.0))
    assert (late.starts, late.late, late.share) == (960, 96, 0.1)
    assert late.max == 80.0
