import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.continuity import Plan, Span, continuity_of
from checklists.trend import Sample, Trend, as_watched, trend_of
from harness.evidence import Status

P, F, E = Status.PASS, Status.FAIL, Status.ERROR


def rounds(statuses: list[Status], values: list[float] | None = None) -> list[Sample]:
    values = values or [1.0] * len(statuses)
    return [
        Sample(3600.0 * n, status, "" if status is P else f"was {status}", {"age": value})
        for n, (status, value) in enumerate(zip(statuses, values, strict=True))
    ]


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        ([P], P),
        ([F], F),
        ([E], E),
        ([P] * 20, P),
        ([F] + [P] * 19, P),
        ([F] * 3 + [P] * 17, F),
        ([P] * 19 + [F], F),
        ([P] * 17 + [F] + [P] * 2, F),
        ([E] + [P] * 19, P),
        ([P] * 19 + [E], E),
        ([E] * 10 + [P] * 10, E),
        ([E] * 19 + [F], F),
        ([Status.PENDING] * 3, Status.PENDING),
    ],
)
def test_the_end_decides_unless_it_failed_lately_or_often(statuses: list[Status], status: Status) -> None:
    assert trend_of(rounds(statuses)).status is status


@given(st.lists(st.sampled_from([P, F, E]), min_size=1, max_size=40))
def test_what_did_not_hold_at_the_end_never_passes(statuses: list[Status]) -> None:
    if trend_of(rounds(statuses)).status is P:
        assert statuses[-1] is P
        assert statuses.count(P) >= 0.8 * len(statuses)


def test_numbers_are_told_with_their_slope() -> None:
    trend = trend_of(rounds([P] * 3, [10.0, 12.0, 14.0]))
    assert trend.evidence["numbers"] == {
        "age": {"first": 10.0, "last": 14.0, "least": 10.0, "greatest": 14.0, "per_hour": 2.0}
    }
    assert "age 10 → 14, between 10 and 14, +2 an hour" in trend.message
    assert trend_of(rounds([P] * 3)).message == "the same in all of 3 rounds"


def test_what_once_failed_is_told_where_it_has_held_since() -> None:
    message = trend_of(rounds([F] + [P] * 19)).message
    assert "failed in 1 of 20 rounds, as in was fail" in message
    assert "it has held since" in message


HOUR, PLAN = 3600.0, Plan(24 * 3600.0, 300.0)


def spans(*begun: float) -> list[Span]:
    return [Span(at, at + 10) for at in begun]


@pytest.mark.parametrize(
    ("begun", "unseen", "broken"),
    [
        ([n * 300.0 for n in range(289)], 0.0, False),
        ([n * 300.0 for n in range(289) if n % 50], 0.0, False),
        ([n * 300.0 for n in range(289) if not 100 < n < 124], 0.083, False),
        ([n * 300.0 for n in range(289) if not 100 < n < 150], 0.1735, True),
        ([0.0, 24 * HOUR], 1.0, True),
        ([0.0, 48 * HOUR], 1.0, True),
        ([23 * HOUR, 24 * HOUR], 1.0, True),
    ],
)
def test_what_nobody_looked_at_is_told_and_does_not_pass(
    begun: list[float], unseen: float, broken: bool
) -> None:
    continuity = continuity_of(spans(*begun), 0.0, PLAN)
    assert continuity.planned == 289
    assert continuity.unseen == pytest.approx(unseen, abs=0.002)
    assert continuity.broken is broken
    assert as_watched(Trend(P, "held", {}), continuity).status is (E if broken else P)
    assert as_watched(Trend(F, "failed", {}), continuity).status is F


def test_a_round_that_takes_longer_than_planned_is_no_gap() -> None:
    slow = [Span(n * 900.0, n * 900.0 + 890) for n in range(97)]
    assert continuity_of(slow, 0.0, PLAN).unseen == 0.0
