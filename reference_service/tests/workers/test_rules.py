"""The workers' pure rules: rating, retention."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_service.domain.retention import Partition, covered_until, expired, months_needed
from reference_service.tests.workers.rating import rating

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("upheld", "undecided", "expected"),
    [
        (0, 0, "5.0"),
        (1, 0, "4.5"),
        (0, 1, "4.9"),
        (2, 3, "3.7"),
        (8, 0, "1.0"),
        (7, 6, "1.0"),
        (99, 99, "1.0"),
    ],
)
def test_calculate_rating(upheld: int, undecided: int, expected: str) -> None:
    """MA-06"""
    assert rating(upheld=upheld, undecided=undecided) == Decimal(expected)


def test_the_months_needed_are_this_one_and_three_more() -> None:
    assert months_needed(NOON) == tuple(
        datetime(year, month, 1, tzinfo=UTC) for year, month in [(2026, 11), (2026, 12), (2027, 1), (2027, 2)]
    )


@given(st.integers(0, 6_000_000_000))
def test_the_months_needed_follow_each_other_from_the_one_that_holds_this_moment(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    months = months_needed(moment)
    assert months[0] <= moment < months[1]
    assert all(timedelta(28) <= after - before <= timedelta(31) for before, after in pairwise(months))


def test_a_partition_expires_when_its_last_moment_is_ninety_days_old() -> None:
    old = Partition("old", NOON - timedelta(days=90))
    kept = Partition("kept", NOON - timedelta(days=90) + timedelta(microseconds=1))
    assert expired([kept, old], NOON) == (old,)


@pytest.mark.parametrize(
    ("ends", "reach"),
    [
        ([(2026, 4), (2026, 5), (2026, 6)], (2026, 6)),
        ([(2026, 4), (2026, 6)], (2026, 4)),
        ([(2026, 5)], (2026, 3)),
        ([], (2026, 3)),
        ([(2026, 12), (2027, 1), (2026, 1)], (2026, 3)),
    ],
)
def test_partitions_reach_as_far_as_no_month_is_missing(
    ends: list[tuple[int, int]], reach: tuple[int, int]
) -> None:
    now = datetime(2026, 3, 4, tzinfo=UTC)
    partitions = [Partition("any", datetime(*month, 1, tzinfo=UTC)) for month in ends]
    assert covered_until(partitions, now) == datetime(*reach, 1, tzinfo=UTC)
