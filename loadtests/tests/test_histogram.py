"""The histogram against HdrHistogram's own library and against sorted values."""

import pytest
from hdrh.histogram import HdrHistogram  # type: ignore[import-untyped]  # it has no types
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.histogram import Histogram

values = st.lists(st.integers(0, 3_600_000_000), min_size=1, max_size=300)
tenths = st.integers(1, 1000)


def _of(numbers: list[int]) -> Histogram:
    histogram = Histogram()
    for number in numbers:
        histogram.record(number)
    return histogram


@settings(deadline=None)  # the machine may be busy
@given(values, tenths)
def test_a_percentile_is_within_a_thousandth(numbers: list[int], tenth: int) -> None:
    rank = max(1, -(-len(numbers) * tenth // 1000))
    truth = sorted(numbers)[rank - 1] / 1000
    assert _of(numbers).percentile(tenth / 10) == pytest.approx(truth, rel=0.001, abs=0.001)


@settings(deadline=None)  # the machine may be busy
@given(st.integers(1, 3_600_000_000))
def test_its_buckets_are_those_of_the_hdr_library(number: int) -> None:
    library = HdrHistogram(1, 4_000_000_000, 3)
    lowest = library.get_lowest_equivalent_value(number)
    highest = library.get_highest_equivalent_value(number)
    assert round(_of([number, 10**10]).percentile(50) * 1000) == highest
    assert list(_of([lowest]).counts) == list(_of([highest]).counts)
    assert list(_of([lowest]).counts) != list(_of([highest + 1]).counts)


@settings(deadline=None)  # the machine may be busy
@given(values, values, tenths)
def test_merging_is_the_same_as_recording_together(one: list[int], two: list[int], tenth: int) -> None:
    merged = Histogram.merged([_of(one), _of(two)])
    together = _of(one + two)
    assert (merged.count, merged.total, merged.largest) == (together.count, together.total, together.largest)
    assert merged.percentile(tenth / 10) == together.percentile(tenth / 10)


@settings(deadline=None)  # the machine may be busy
@given(values)
def test_it_survives_the_journey_between_processes(numbers: list[int]) -> None:
    histogram = _of(numbers)
    arrived = Histogram.from_list(histogram.to_list())
    assert arrived.to_list() == histogram.to_list()
    assert (arrived.count, arrived.mean) == (histogram.count, histogram.mean)


def test_the_largest_value_is_exact_and_no_percentile_exceeds_it() -> None:
    histogram = _of([1, 1_234_567])
    assert histogram.percentile(100) <= histogram.largest / 1000 == 1234.567


def test_values_above_a_limit_are_counted() -> None:
    assert _of([1_000, 49_000, 51_000, 90_000]).count_above(50) == 2


def test_an_empty_histogram_has_no_figures() -> None:
    with pytest.raises(ValueError, match="empty"):
        Histogram().percentile(50)
    with pytest.raises(ValueError, match="empty"):
        _ = Histogram().mean


def test_memory_grows_with_the_spread_not_with_the_number() -> None:
    histogram = _of([n % 100_000 + 1 for n in range(300_000)])
    assert len(histogram.counts) < 10_000


def test_the_midmean_is_the_mean_of_the_middle_half() -> None:
    histogram = Histogram()
    for microseconds in (1, 100, 200, 300, 400, 500, 600, 10_000_000):
        histogram.record(microseconds)
    assert histogram.midmean == pytest.approx((200 + 300 + 400 + 500) / 4 / 1000)
    histogram.record(350)  # nine: the middle half begins and ends within a value
    assert histogram.midmean == pytest.approx(
        (0.75 * 200 + 300 + 350 + 400 + 0.75 * 500) / 4.5 / 1000, rel=0.001
    )


def test_nothing_has_no_midmean() -> None:
    with pytest.raises(ValueError, match="empty"):
        _ = Histogram().midmean
