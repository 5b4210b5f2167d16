"""What several generators measured is what one would have."""

from loadtests.measurement import Measurement
from loadtests.summary import groups, lateness, timeline
from loadtests.tests.measured import always, measured, plan_of

PLAN = plan_of("mix", duration=12.0, rate=80.0)


def _latency(due: float) -> float | None:
    return None if 3 <= due < 3.1 else 5 + due * 7 % 90


def _parts(count: int) -> list[Measurement]:
    """The cells of one measurement dealt out to several, and sent through a message."""
    whole = measured(PLAN, _latency)
    parts = [Measurement() for _ in range(count)]
    for number, (key, cell) in enumerate(whole.cells.items()):
        parts[number % count].cell(key).add(cell)
    parts[0].lateness.add(whole.lateness)
    return [Measurement.from_message(part.to_message()) for part in parts]


def test_merged_percentiles_are_the_pooled_ones() -> None:
    merged, pooled = Measurement(), measured(PLAN, _latency)
    for part in _parts(3):
        merged.add(part)
    assert groups(PLAN, merged) == groups(PLAN, pooled)
    assert timeline(PLAN, merged) == timeline(PLAN, pooled)
    assert lateness(merged) == lateness(pooled)


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
