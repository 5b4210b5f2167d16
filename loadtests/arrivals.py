"""Open arrivals: when each request is due, whatever became of the ones before it."""

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from harness.load_result import Stage


class ArrivalKind(StrEnum):
    CONSTANT = "constant"  # evenly spaced
    POISSON = "poisson"  # independent of each other, as many users are


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request: its place in the order, when it is due (seconds from the start) and in which phase."""

    index: int
    due: float
    phase: str


def arrivals(stages: Iterable[Stage], kind: ArrivalKind, seed: int) -> Iterator[Arrival]:
    """All arrivals in order. The same stages, kind and seed give the same arrivals, everywhere."""
    steps = _steps(kind, seed)
    position, index, begin, passed = next(steps), 0, 0.0, 0.0
    for stage in stages:
        expected = expected_in(stage)
        while position < passed + expected:
            yield Arrival(index, begin + moment_of(stage, position - passed), stage.phase)
            position, index = position + next(steps), index + 1
        begin, passed = begin + stage.seconds, passed + expected


def expected_in(stage: Stage) -> float:
    """The number of arrivals that fall into a stage, on average."""
    return stage.seconds * (stage.from_rate + stage.to_rate) / 2


def moment_of(stage: Stage, count: float) -> float:
    """Seconds into the stage by which `count` arrivals were due: the integral of its rate, inverted."""
    if not count:
        return 0.0
    slope = (stage.to_rate - stage.from_rate) / stage.seconds
    root = math.sqrt(max(0.0, stage.from_rate**2 + 2 * slope * count))
    return min(stage.seconds, 2 * count / (stage.from_rate + root))


def peak_of(stages: Iterable[Stage]) -> float:
    return max(max(stage.from_rate, stage.to_rate) for stage in stages)


def total_seconds(stages: Iterable[Stage]) -> float:
    return sum(stage.seconds for stage in stages)


def most_in_window(stages: Sequence[Stage], seconds: float) -> int:
    """An upper bound of the arrivals in any window of that length."""
    everything = sum(expected_in(stage) for stage in stages)
    return math.ceil(min(everything, peak_of(stages) * seconds)) + 1


def _steps(kind: ArrivalKind, seed: int) -> Iterator[float]:
    """Gaps between arrivals on a clock that runs at the rate, where each is 1 on average."""
    if kind is ArrivalKind.CONSTANT:
        yield 0.0
        while True:
            yield 1.0
    source = random.Random(seed)  # noqa: S311  # a schedule, not a secret
    while True:
        yield source.expovariate(1.0)
