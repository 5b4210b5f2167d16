"""How often a drift is found, and how often one is cried that is not there."""

import math
import random
from collections import Counter
from dataclasses import replace
from statistics import NormalDist

import pytest

from harness.evidence import Status
from loadtests.drift import slope_of
from loadtests.findings import Evidence, find
from loadtests.measurement import Key, Measurement
from loadtests.rules import LatencyDrift, MemoryDrift
from loadtests.tests.measured import evidence, plan_of, sample

RUNS = 100
LIMIT = MemoryDrift(below=0.8, needs_seconds=540)
TEN_MINUTES = plan_of("search", duration=600.0, rate=1.0)


def _series(
    a_minute: float, noise: float, seed: int, *, sticky: float = 0.0
) -> tuple[list[float], list[float]]:
    """600 samples a second apart; `sticky` is how much of the noise stays from one to the next."""
    source, rest, values = random.Random(seed), 0.0, []
    for second in range(600):
        rest = sticky * rest + source.gauss(0, noise)
        values.append(100 + a_minute * second / 60 + rest)
    return [second / 60 for second in range(600)], values


def _decisions(a_minute: float, noise: float, sticky: float) -> Counter[Status]:
    """What 100 runs of 10 minutes decide of a process that grows by so many MB a minute."""
    seen: Counter[Status] = Counter()
    empty = evidence(TEN_MINUTES)
    for seed in range(RUNS):
        _, values = _series(a_minute, noise, seed, sticky=sticky)
        samples = tuple(sample(float(t), rss=value * 1e6) for t, value in enumerate(values))
        seen[find(LIMIT, replace(empty, samples=samples)).status] += 1
    return seen


STATED_NOISE = [(1.0, 0.0), (3.0, 0.0), (0.5, 0.8)]


@pytest.mark.parametrize(("noise", "sticky"), STATED_NOISE)
def test_a_growth_of_one_a_minute_is_found_19_times_in_20(noise: float, sticky: float) -> None:
    assert _decisions(1.0, noise, sticky)[Status.FAIL] >= RUNS * 0.95


@pytest.mark.parametrize(("noise", "sticky"), [*STATED_NOISE, (10.0, 0.0), (1.0, 0.9)])
def test_no_growth_is_cried_once_in_a_hundred_at_most(noise: float, sticky: float) -> None:
    assert _decisions(0.0, noise, sticky)[Status.FAIL] <= RUNS / 100


@pytest.mark.parametrize(("noise", "sticky"), [(1.0, 0.0), (0.5, 0.8)])
@pytest.mark.parametrize(("share", "status"), [(0.8, Status.PASS), (1.25, Status.FAIL)])
def test_a_fifth_beside_the_limit_is_told(noise: float, sticky: float, share: float, status: Status) -> None:
    assert _decisions(share * LIMIT.below, noise, sticky)[status] >= RUNS * 0.95


LATENCY = LatencyDrift(below=0.8, needs_seconds=540)
A_SECOND = 50  # requests, as many as the soak sends
ORDINARY = [NormalDist().inv_cdf((n + 0.5) / 2000) for n in range(2000)]
# Of one request, as the σ of a lognormal: with 0.4 the p95 is 1.9 times the median. Then of a whole second,
# and how much of that stays for the next.
LATENCY_NOISE = [(0.4, 0.0, 0.0), (0.3, 0.01, 0.8)]


def _latencies(percent_a_minute: float, noise: tuple[float, float, float], seed: int) -> Measurement:
    """Ten minutes of answers that take 20 ms in the middle of the run."""
    (of_one, of_a_second, stays), source = noise, random.Random(seed)
    measurement, rest = Measurement(), 0.0
    factors = [math.exp(of_one * deviation) for deviation in ORDINARY]
    for second in range(600):
        rest = stays * rest + source.gauss(0, of_a_second)
        usual = 20_000 * math.exp(percent_a_minute / 100 * (second / 60 - 5) + rest)
        latency = measurement.cell(Key(second, "steady", "search")).latency
        for factor in source.choices(factors, k=A_SECOND):
            latency.record(int(usual * factor))
    return measurement


def _latency_decisions(percent_a_minute: float, noise: tuple[float, float, float]) -> Counter[Status]:
    """What 100 runs of 10 minutes decide of a target that slows down by so many percent a minute."""
    runs = (_latencies(percent_a_minute, noise, seed) for seed in range(RUNS))
    return Counter(find(LATENCY, Evidence(TEN_MINUTES, run, 600.0)).status for run in runs)


@pytest.mark.parametrize("noise", LATENCY_NOISE)
def test_a_slowing_of_one_percent_a_minute_is_found_19_times_in_20(
    noise: tuple[float, float, float],
) -> None:
    assert _latency_decisions(1.0, noise)[Status.FAIL] >= RUNS * 0.95


@pytest.mark.parametrize("noise", [(1.5, 0.0, 0.0), (0.5, 0.05, 0.9)])
def test_no_slowing_is_cried_once_in_a_hundred_at_most(noise: tuple[float, float, float]) -> None:
    assert _latency_decisions(0.0, noise)[Status.FAIL] <= RUNS / 100


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
