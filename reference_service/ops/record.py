"""What the dashboard's panels showed over a stretch of time, asked of Prometheus."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from reference_service.ops.panels import ENDPOINT, OVER, ROWS, Query, Unit

UNITS: Mapping[Unit, str] = MappingProxyType(
    {
        Unit.SECONDS: "s",
        Unit.SHARE: "share",
        Unit.PER_SECOND: "per second",
        Unit.PER_MINUTE: "per minute",
        Unit.COUNT: "",
        Unit.DAYS: "days",
        Unit.UP_OR_DOWN: "1 = up",
    }
)
LIMITS = MappingProxyType({"orange": "warning", "red": "critical", "green": "at least"})
_LABEL = re.compile(r"{{(\w+)}}")
MOST_POINTS = 400


@dataclass(frozen=True, slots=True)
class Stretch:
    """From and to, in seconds since 1970; `over` is the window of rates, such as 20s."""

    start: float
    end: float
    over: str

    @property
    def step(self) -> float:
        return max(1.0, math.ceil((self.end - self.start) / MOST_POINTS))


# An expression, and a stretch: the matrix that Prometheus answers with.
Ask = Callable[[str, Stretch], Sequence[Mapping[str, Any]]]


def record(ask: Ask, stretch: Stretch) -> dict[str, Any]:
    """The panels with their lines; times are seconds since the stretch began."""
    return {
        "title": "Marketplace",
        "started_at": datetime.fromtimestamp(stretch.start, UTC).isoformat(),
        "seconds": stretch.end - stretch.start,
        "panels": [
            {
                "title": panel.title,
                "unit": UNITS[panel.unit],
                "row": row.title,
                "series": [line for query in panel.queries for line in _lines(ask, query, stretch)],
                "limits": [
                    {"name": LIMITS[threshold.colour], "value": threshold.value}
                    for threshold in panel.thresholds
                ],
            }
            for row in ROWS
            for panel in row.panels
        ],
    }


def _lines(ask: Ask, query: Query, stretch: Stretch) -> Iterator[dict[str, Any]]:
    expression = query.expr.replace(OVER, stretch.over).replace(ENDPOINT, ".*")
    for found in ask(expression, stretch):
        labels = found["metric"]
        points = [[moment - stretch.start, _number(value)] for moment, value in found["values"]]
        if any(value is not None for _, value in points):
            yield {"name": _legend(query.legend, labels), "points": points}


def _legend(template: str, labels: Mapping[str, str]) -> str:
    return _LABEL.sub(lambda found: labels.get(found[1], ""), template)


def _number(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None
