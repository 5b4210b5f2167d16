"""Is one target slower than another? Decided by intervals, since two equal runs never measure the same; pure.

A run's p95 varies from run to run far more than within it, so the unit is a whole run, never a second of one.
Runs are compared by the logarithm of their p95: a ratio of 1.2 is as far from 1 as one of 1 / 1.2.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist, fmean

_CONFIDENCE = 0.95
_RESAMPLES = 1000
_HARM = math.log(1.2)  # what has to be seen
_WORTH = math.log(1.1)  # less than this is not called a change, however sure
_FEWEST = 3


class Change(StrEnum):
    WORSE = "worse"
    SAME = "same"
    BETTER = "better"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ratio of p95s, new to old, with its 95 % interval; `runs` are what was compared.

    Where it cannot tell, `settled_by` times as many runs would probably do; None where even that is unknown.
    """

    change: Change
    ratio: float
    low: float
    high: float
    runs: int
    settled_by: float | None = None

    def __str__(self) -> str:
        if not math.isfinite(self.high):
            return f"{self.change}: {self.runs} runs are too few to know how much runs differ by themselves"
        return (
            f"{self.change}: p95 × {self.ratio:.2f} (95 % interval {self.low:.2f} to {self.high:.2f}, "
            f"{self.runs} runs)"
        )


def compare_interleaved(old: Sequence[float], new: Sequence[float], *, seed: int = 0) -> Comparison:
    """Runs in the order old, new, new, old and so on: whatever drifts evenly cancels within each four.

    Positive p95s, two of each for every round of four.
    """
    if len(old) != len(new) or len(old) % 2:
        raise ValueError("interleaved runs come in fours: old, new, new, old")
    logs = [math.log(b / a) for a, b in zip(old, new, strict=True)]
    rounds = [(logs[i] + logs[i + 1]) / 2 for i in range(0, len(logs), 2)]
    return _decided(_Sample(rounds, ()), 4 * len(rounds), seed)


def compare_stored(old: Sequence[float], new: Sequence[float], *, seed: int = 0) -> Comparison:
    """New runs, even a single one, with stored ones; the spread of both together counts."""
    return _decided(
        _Sample([math.log(v) for v in new], [math.log(v) for v in old]), len(old) + len(new), seed
    )


class _Sample:
    """One mean, or the difference of two, with the standard error of either."""

    def __init__(self, new: Sequence[float], old: Sequence[float]) -> None:
        self.new, self.old = list(new), list(old)
        self.estimate = fmean(self.new) - (fmean(self.old) if self.old else 0.0)
        self.freedom = len(self.new) + len(self.old) - (2 if self.old else 1)
        self.rests = [v - fmean(part) for part in (self.new, self.old) if part for v in part]
        if self.freedom > 0:
            variance = sum(rest * rest for rest in self.rests) / self.freedom
            shares = 1 / len(self.new) + (1 / len(self.old) if self.old else 0.0)
            self.error = math.sqrt(variance * shares)

    def again(self, source: random.Random) -> "_Sample":
        """As it might have come out if nothing had changed."""
        return _Sample(
            source.choices(self.rests, k=len(self.new)), source.choices(self.rests, k=len(self.old))
        )


def _decided(sample: _Sample, runs: int, seed: int) -> Comparison:
    ratio = math.exp(sample.estimate)
    if sample.freedom < _FEWEST - 1:
        return Comparison(Change.CANNOT_TELL, ratio, 0.0, math.inf, runs)
    reach = sample.error * _critical(sample, seed)
    low, high = sample.estimate - reach, sample.estimate + reach
    change = _change(sample.estimate, low, high)
    times = None
    if change is Change.CANNOT_TELL:
        # Decided at the latest when the interval is half as wide as what has to be seen.
        times = max(1.5, (reach / (_HARM / 2)) ** 2)
    return Comparison(change, ratio, math.exp(low), math.exp(high), runs, times)


def _change(estimate: float, low: float, high: float) -> Change:
    if low > 0 and estimate > _WORTH:
        return Change.WORSE
    if high < 0 and estimate < -_WORTH:
        return Change.BETTER
    if low > -_HARM and high < _HARM:
        return Change.SAME
    return Change.CANNOT_TELL


def _critical(sample: _Sample, seed: int) -> float:
    """How many standard errors the interval reaches: a bootstrap of the studentised difference.

    With few runs the bootstrap knows too few values; Student's t, for runs of any number, is the least.
    """
    source = random.Random(seed)  # noqa: S311  # resampling, not a secret
    drawn = [sample.again(source) for _ in range(_RESAMPLES)] if sample.error > 0 else []
    studentised = sorted(abs(one.estimate) / one.error for one in drawn if one.error > 0)
    if not studentised:
        return _student(sample.freedom)
    at = min(len(studentised) - 1, math.ceil(_CONFIDENCE * len(studentised)))
    return max(_student(sample.freedom), min(studentised[at], 3 * _student(sample.freedom)))


def _student(freedom: int) -> float:
    """Student's quantile by the expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5)."""
    z = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum(term / math.pow(freedom, power + 1) for power, term in enumerate(terms))
