"""The noise of a real run, with a growth laid upon it."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

from harness.evidence import Status
from loadtests.drift import slope_of
from loadtests.findings import find
from loadtests.rules import MemoryDrift
from loadtests.tests.measured import evidence, plan_of, sample

RECORDED = json.loads(Path(__file__).with_name("recorded.json").read_text(encoding="utf-8"))
LIMIT = MemoryDrift(below=0.8, needs_seconds=540)
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


def test_a_busy_machine_is_not_taken_for_a_slower_target() -> None:
    """So noisy a latency decides little, but cries nothing."""
    for shift in SHIFTS:
        noise = _noise("median_ms", shift)
        slope = slope_of([t / 60 for t in range(len(noise))], noise)
        assert slope is not None
        assert slope.low <= 0
