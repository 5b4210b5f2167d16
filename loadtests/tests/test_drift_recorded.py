"""The noise of a real run, with a growth laid upon it."""

import json
import math
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from harness.evidence import Status
from loadtests.drift import slope_of
from loadtests.findings import Finding, find
from loadtests.measurement import Key, Measurement
from loadtests.rules import LatencyDrift, MemoryDrift
from loadtests.tests.measured import evidence, plan_of, sample

RECORDED = json.loads(Path(__file__).with_name("recorded.json").read_text(encoding="utf-8"))
LIMIT = MemoryDrift(below=0.8, needs_seconds=540)
SLOWING = LatencyDrift(below=0.8, needs_seconds=540)
RECORDED_MS = median(RECORDED["median_ms"])
VISIBLE = re.compile(r"could have seen is ([\d.e+]+) %/min")
TEN_MINUTES = evidence(plan_of("search", duration=600.0, rate=1.0))
SHIFTS = range(0, 590, 6)  # each is another run with the same noise


def _noise(name: str, shift: int) -> list[float]:
    """The recorded series without its own slope, begun elsewhere."""
    values: list[float] = RECORDED[name]
    slope = slope_of([float(t) for t in range(len(values))], values)
    assert slope is not None
    level = [value - slope.estimate * t for t, value in enumerate(values)]
    return level[shift:] + level[:shift]


def _decisions(a_minute: float) -> Counter[Status]:
    seen: Counter[Status] = Counter()
    for shift in SHIFTS:
        grown = (value + a_minute * t / 60 for t, value in enumerate(_noise("rss_mb", shift)))
        samples = tuple(sample(float(t), rss=value * 1e6) for t, value in enumerate(grown))
        seen[find(LIMIT, replace(TEN_MINUTES, samples=samples)).status] += 1
    return seen


def test_a_leak_of_one_a_minute_is_found_in_recorded_noise() -> None:
    assert _decisions(1.0)[Status.FAIL] >= len(SHIFTS) * 0.95


def test_recorded_noise_alone_is_no_leak() -> None:
    assert _decisions(0.0)[Status.FAIL] <= len(SHIFTS) / 100


def _latencies(percent_a_minute: float, usual_ms: float, shift: int) -> Measurement:
    """What a target would have that takes `usual_ms` where nothing disturbs it as it did the recorded one."""
    noise, measurement = _noise("median_ms", shift), Measurement()
    middle = median(noise)
    for second, value in enumerate(noise):
        growth = math.exp(percent_a_minute / 100 * second / 60)
        latency = max(0.0, usual_ms + value - middle) * growth
        measurement.cell(Key(second, "steady", "search")).latency.record(int(latency * 1000))
    return measurement


def _latency_findings(percent_a_minute: float, usual_ms: float) -> list[Finding]:
    runs = (_latencies(percent_a_minute, usual_ms, shift) for shift in SHIFTS)
    return [find(SLOWING, replace(TEN_MINUTES, measurement=run)) for run in runs]


def test_recorded_latency_of_a_quick_target_decides_little_cries_nothing_and_says_how_little() -> None:
    """Around its 6 ms the busy machine's noise would hide a growth of 1 % a minute, and of 5 % too."""
    found = _latency_findings(0.0, RECORDED_MS)
    assert sum(finding.status is Status.FAIL for finding in found) <= len(SHIFTS) / 100
    visible = [float(VISIBLE.findall(finding.message)[0]) for finding in found]
    assert min(visible) > 5


@pytest.mark.parametrize(("percent_a_minute", "share"), [(1.0, 0.95), (0.0, 0.0)])
def test_the_same_noise_around_a_slower_target_allows_it(percent_a_minute: float, share: float) -> None:
    """Half of its seconds are within 1.5 ms of the usual, one in twenty is 11 ms away: little of 250 ms."""
    found = Counter(finding.status for finding in _latency_findings(percent_a_minute, 250.0))
    assert found[Status.FAIL] >= share * len(SHIFTS)
    assert percent_a_minute or found[Status.FAIL] <= len(SHIFTS) / 100
