"""A latency histogram with HdrHistogram's buckets (three digits), kept sparse.

A run keeps one for each endpoint in each second, so that any window can be merged exactly. HdrHistogram's
own library holds 147 kB each, whatever is in it; this one holds only the buckets that were hit.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Self

_BITS = 11
_SUB_BUCKETS = 1 << _BITS


class Histogram:
    """Counts of microseconds; a value is kept to within 0.1 %, the largest and the sum exactly."""

    __slots__ = ("count", "counts", "largest", "total")

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.count = 0
        self.total = 0
        self.largest = 0

    def record(self, microseconds: int) -> None:
        shift = microseconds.bit_length() - _BITS
        key = (shift << _BITS) | (microseconds >> shift) if shift > 0 else microseconds
        counts = self.counts
        counts[key] = counts.get(key, 0) + 1
        self.count += 1
        self.total += microseconds
        if microseconds > self.largest:
            self.largest = microseconds

    def add(self, other: "Histogram") -> None:
        for key, count in other.counts.items():
            self.counts[key] = self.counts.get(key, 0) + count
        self.count += other.count
        self.total += other.total
        self.largest = max(self.largest, other.largest)

    @classmethod
    def merged(cls, histograms: "Iterable[Histogram]") -> Self:
        whole = cls()
        for histogram in histograms:
            whole.add(histogram)
        return whole

    def percentile(self, percent: float) -> float:
        """Milliseconds that `percent` of the values do not exceed. Raises ValueError when empty."""
        if not self.count:
            raise ValueError("an empty histogram has no percentile")
        rank, seen = max(1, math.ceil(round(self.count * percent / 100, 9))), 0  # 1000 × 99.9 % is 999
        for key in sorted(self.counts):
            seen += self.counts[key]
            if seen >= rank:
                return min(_highest(key), self.largest) / 1000
        return self.largest / 1000

    def count_above(self, milliseconds: float) -> int:
        return sum(count for key, count in self.counts.items() if _highest(key) > milliseconds * 1000)

    @property
    def mean(self) -> float:
        """Milliseconds. Raises ValueError when empty."""
        if not self.count:
            raise ValueError("an empty histogram has no mean")
        return self.total / self.count / 1000

    @property
    def midmean(self) -> float:
        """The mean of the middle half, in ms: as robust as quartiles, and less noisy than the median.

        Raises ValueError when empty.
        """
        if not self.count:
            raise ValueError("an empty histogram has no midmean")
        low, high = self.count / 4, self.count * 3 / 4
        seen, total = 0, 0.0
        for key in sorted(self.counts):
            count = self.counts[key]
            total += max(0.0, min(seen + count, high) - max(seen, low)) * _highest(key)
            seen += count
        return total / (high - low) / 1000

    def to_list(self) -> list[int]:
        """Total, largest, then bucket and count in turn: what travels between processes."""
        flat = [self.total, self.largest]
        for pair in self.counts.items():
            flat.extend(pair)
        return flat

    @classmethod
    def from_list(cls, flat: Sequence[int]) -> Self:
        histogram = cls()
        histogram.total, histogram.largest = flat[0], flat[1]
        histogram.counts = dict(zip(flat[2::2], flat[3::2], strict=True))
        histogram.count = sum(flat[3::2])
        return histogram


def _highest(key: int) -> int:
    """The largest value of a bucket: a percentile is never told smaller than it was."""
    shift = key >> _BITS
    return (((key & (_SUB_BUCKETS - 1)) + 1) << shift) - 1
