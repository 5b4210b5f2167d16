import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.trend import Sample, trend_of
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
