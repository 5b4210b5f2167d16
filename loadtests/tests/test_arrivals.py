"""The schedule of open arrivals."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.load_result import Stage
from loadtests.arrivals import ArrivalKind, arrivals, expected_in, most_in_window, total_seconds

rates = st.floats(1, 300)
stages = st.builds(Stage, phase=st.just("p"), seconds=st.floats(0.5, 20), from_rate=rates, to_rate=rates)
schedules = st.lists(stages, min_size=1, max_size=4)


def _due(parts: list[Stage], kind: ArrivalKind = ArrivalKind.CONSTANT, seed: int = 1) -> list[float]:
    return [arrival.due for arrival in arrivals(parts, kind, seed)]


def test_a_plateau_is_evenly_spaced() -> None:
    due = _due([Stage(phase="p", seconds=2, from_rate=50, to_rate=50)])
    assert len(due) == 100
    assert due == pytest.approx([n / 50 for n in range(100)])


@settings(deadline=None)  # the machine may be busy
@given(schedules)
def test_arrivals_are_in_order_and_within_the_run(parts: list[Stage]) -> None:
    for kind in ArrivalKind:
        due = _due(parts, kind)
        assert due == sorted(due)
        assert all(0 <= moment <= total_seconds(parts) + 1e-9 for moment in due)


@settings(deadline=None)  # the machine may be busy
@given(schedules)
def test_constant_arrivals_follow_the_integral_of_the_rate(parts: list[Stage]) -> None:
    due, begin, passed = _due(parts), 0.0, 0.0
    for stage in parts:
        begin, passed = begin + stage.seconds, passed + expected_in(stage)
        assert abs(sum(moment < begin for moment in due) - passed) <= 1.001


def test_a_ramp_reaches_its_rate() -> None:
    due = _due([Stage(phase="up", seconds=10, from_rate=10, to_rate=110)])
    gaps = [later - earlier for earlier, later in pairwise(due)]
    assert 1 / gaps[0] == pytest.approx(10, rel=0.1)
    assert 1 / gaps[-1] == pytest.approx(110, rel=0.02)
    assert sum(moment < 5 for moment in due) == pytest.approx(5 * (10 + 60) / 2, abs=1)


def test_poisson_arrivals_have_the_rate_and_the_spread_of_independent_ones() -> None:
    due = _due([Stage(phase="p", seconds=100, from_rate=100, to_rate=100)], ArrivalKind.POISSON)
    gaps = [later - earlier for earlier, later in pairwise(due)]
    mean = sum(gaps) / len(gaps)
    variance = sum((gap - mean) ** 2 for gap in gaps) / len(gaps)
    assert mean == pytest.approx(0.01, rel=0.05)
    assert variance**0.5 / mean == pytest.approx(1, rel=0.05)


def test_a_seed_repeats_and_another_differs() -> None:
    parts = [Stage(phase="p", seconds=5, from_rate=20, to_rate=20)]
    assert _due(parts, ArrivalKind.POISSON, 7) == _due(parts, ArrivalKind.POISSON, 7)
    assert _due(parts, ArrivalKind.POISSON, 7) != _due(parts, ArrivalKind.POISSON, 8)


@settings(deadline=None)  # the machine may be busy
@given(schedules, st.floats(0.5, 10))
def test_no_window_holds_more_than_is_promised(parts: list[Stage], window: float) -> None:
    due = _due(parts)
    most = most_in_window(parts, window)
    for moment in due[:: max(1, len(due) // 20)]:
        assert sum(moment <= other < moment + window for other in due) <= most + 1
