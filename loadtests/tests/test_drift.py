"""How often a drift is found, and how often one is cried that is not there."""

import random

import pytest

from loadtests.drift import slope_of

RUNS = 60


def _series(
    a_minute: float, noise: float, seed: int, *, sticky: float = 0.0
) -> tuple[list[float], list[float]]:
    """600 samples a second apart; `sticky` is how much of the noise stays from one to the next."""
    source, rest, values = random.Random(seed), 0.0, []
    for second in range(600):
        rest = sticky * rest + source.gauss(0, noise)
        values.append(100 + a_minute * second / 60 + rest)
    return [second / 60 for second in range(600)], values


def _found(a_minute: float, noise: float, *, sticky: float = 0.0, tolerated: float = 0.3) -> int:
    slopes = [slope_of(*_series(a_minute, noise, seed, sticky=sticky)) for seed in range(RUNS)]
    return sum(slope is not None and slope.low > tolerated for slope in slopes)


@pytest.mark.parametrize(("noise", "sticky"), [(1.0, 0.0), (3.0, 0.0), (0.5, 0.8)])
def test_a_growth_of_one_a_minute_is_found_19_times_in_20(noise: float, sticky: float) -> None:
    assert _found(1.0, noise, sticky=sticky) >= RUNS * 0.95


@pytest.mark.parametrize(("noise", "sticky"), [(1.0, 0.0), (10.0, 0.0), (1.0, 0.9)])
def test_no_growth_is_hardly_ever_cried(noise: float, sticky: float) -> None:
    assert _found(0.0, noise, sticky=sticky) <= RUNS / 60


def test_outliers_do_not_move_it() -> None:
    times, values = _series(1.0, 0.5, 3)
    for second in range(0, 600, 50):
        values[second] += 500
    slope = slope_of(times, values)
    assert slope is not None
    assert slope.estimate == pytest.approx(1.0, abs=0.05)
    assert slope.low < 1.0 < slope.high


def test_a_perfect_line_has_no_doubt() -> None:
    slope = slope_of([float(n) for n in range(100)], [3.0 * n for n in range(100)])
    assert slope is not None
    assert (slope.low, slope.estimate, slope.high) == pytest.approx((3, 3, 3))


@pytest.mark.parametrize("count", [0, 1, 9])
def test_a_handful_of_points_has_no_slope(count: int) -> None:
    assert slope_of([float(n) for n in range(count)], [1.0] * count) is None


def test_points_at_one_time_have_no_slope() -> None:
    assert slope_of([5.0] * 20, [1.0] * 20) is None
