"""Cells by second, and in sliding windows of seconds."""

from collections import defaultdict
from collections.abc import Callable

from loadtests.histogram import Histogram
from loadtests.measurement import Cell, Key, Measurement
from loadtests.rules import Scoped
from loadtests.summary import ALL


def windows(rule: Scoped, measurement: Measurement) -> list[tuple[int, list[Cell]]] | None:
    """The cells of each window and the second at which it begins; None where no window fits into the run."""
    by_second: dict[int, list[Cell]] = defaultdict(list)
    for key, cell in measurement.cells.items():
        if rule.endpoint in (ALL, key.endpoint) and rule.phase in (ALL, key.phase):
            by_second[key.second].append(cell)
    length = rule.window_seconds
    if length is None:
        return [(0, [cell for cells in by_second.values() for cell in cells])]
    if not by_second or max(by_second) - min(by_second) + 1 < length:
        return None
    return [
        (begin, [cell for second in range(begin, begin + length) for cell in by_second.get(second, [])])
        for begin in range(min(by_second), max(by_second) - length + 2)
    ]


def latencies_by_second(measurement: Measurement, wanted: Callable[[Key], bool]) -> dict[int, Histogram]:
    """The latencies of the requests that were due in each second."""
    merged: dict[int, Histogram] = defaultdict(Histogram)
    for key, cell in measurement.cells.items():
        if wanted(key):
            merged[key.second].add(cell.latency)
    return dict(merged)
