"""Does a series grow? A robust slope with a confidence interval, not a look at a curve."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import NormalDist, median

_CONFIDENCE = 0.98  # two-sided: each end is wrong once in a hundred
_BINS = 60


@dataclass(frozen=True, slots=True)
class Slope:
    """Units of the values a unit of time."""

    estimate: float
    low: float
    high: float

    @property
    def smallest(self) -> float:
        """The smallest slope that such data could have told from none."""
        return (self.high - self.low) / 2


def slope_of(times: Sequence[float], values: Sequence[float]) -> Slope | None:
    """Theil and Sen's median of slopes with Sen's interval (1968); None where there are fewer than 10 points.

    Neighbouring samples resemble each other, which makes such an interval too narrow: so the series is
    first reduced to the medians of 60 equal spans, and the interval widened by how much those still
    resemble their neighbours.
    """
    points = _binned(times, values)
    if len(points) < 10:
        return None
    slopes = sorted((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2))
    estimate = median(slopes)
    n = len(points)
    spread = math.sqrt(n * (n - 1) * (2 * n + 5) / 18 * _inflation(points, estimate))
    reach = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2) * spread
    low = max(0, math.floor((len(slopes) - reach) / 2))
    high = min(len(slopes) - 1, math.ceil((len(slopes) + reach) / 2))
    return Slope(estimate, slopes[low], slopes[high])


def _binned(times: Sequence[float], values: Sequence[float]) -> list[tuple[float, float]]:
    if not times:
        return []
    first, span = times[0], times[-1] - times[0]
    if span <= 0:
        return []
    bins: dict[int, list[tuple[float, float]]] = {}
    for time, value in zip(times, values, strict=True):
        bins.setdefault(min(_BINS - 1, int((time - first) / span * _BINS)), []).append((time, value))
    return [(median(t for t, _ in part), median(v for _, v in part)) for _, part in sorted(bins.items())]


def _inflation(points: Sequence[tuple[float, float]], slope: float) -> float:
    """How much larger the variance is than with independent points: (1 + r) / (1 - r), r at lag one."""
    rests = [value - slope * time for time, value in points]
    middle = sum(rests) / len(rests)
    rests = [rest - middle for rest in rests]
    power = sum(rest * rest for rest in rests)
    if power == 0:
        return 1.0
    r = sum(a * b for a, b in pairwise(rests)) / power
    r = min(0.9, max(0.0, r))
    return (1 + r) / (1 - r)
