"""Compares what was expected with what was answered; knows nothing of tests and raises nothing."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher

from harness.evidence import Json
from harness.fixtures.shown import Absent

LATENCY_TOLERANCE_MS = 0.5
_TINY = 1e-6
_MOMENT_TOLERANCE_SECONDS = 0.001  # a target may keep milliseconds only
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z")


@dataclass(frozen=True, slots=True)
class Difference:
    """`path` is where, for instance `vendors[3].metrics.uptimePct`."""

    path: str
    expected: str
    observed: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, observed {self.observed}"


def differences(expected: Json, observed: Json, path: str = "") -> Iterator[Difference]:
    """Every place where the answer is not as expected. Members that nobody expects are fine."""
    match expected:
        case dict():
            yield from _in_object(expected, observed, path)
        case list():
            yield from _in_list(expected, observed, path)
        case bool() | str() | None:
            if type(observed) is not type(expected) or observed != expected:
                yield Difference(path, shorten(expected), shorten(observed))
        case int() | float():
            if not _same_number(expected, observed, path):
                yield Difference(path, shorten(expected), shorten(observed))
        case datetime():
            yield from _in_moment(expected, observed, path)
        case _:
            raise TypeError(f"{path}: nothing compares with {type(expected).__name__}")


def moment(text: Json) -> datetime | None:
    """The moment that an RFC 3339 text in UTC (`Z`) means; None for anything else."""
    match = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    try:
        whole = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
    except ValueError:
        return None
    fraction = float(match[2] or 0)
    return whole.replace(microsecond=min(999_999, round(fraction * 1_000_000)))


def is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def marked(left: Sequence[object], right: Sequence[object]) -> tuple[str, str]:
    """Both sequences as text, with what the other one lacks, or has elsewhere, in [brackets]."""
    one, other = [str(item) for item in left], [str(item) for item in right]
    texts: tuple[list[str], list[str]] = ([], [])
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        for text, items in ((texts[0], one[a:b]), (texts[1], other[c:d])):
            if not items:
                continue
            if kind == "equal" and len(items) > 8:
                items = [*items[:3], f"…{len(items) - 6} more…", *items[-3:]]
            text.append(" ".join(items) if kind == "equal" else "[" + " ".join(items) + "]")
    return " ".join(texts[0]) or "none", " ".join(texts[1]) or "none"


def shorten(value: Json) -> str:
    text = repr(value) if isinstance(value, str) else _json_like(value)
    return text if len(text) <= 120 else text[:117] + "…"


def _json_like(value: Json) -> str:
    words = {"True": "true", "False": "false", "None": "null"}
    return words.get(str(value), str(value))


def _in_object(expected: dict[str, Json], observed: Json, path: str) -> Iterator[Difference]:
    if not isinstance(observed, dict):
        yield Difference(path or "the answer", "an object", shorten(observed))
        return
    for name, value in expected.items():
        where = f"{path}.{name}" if path else name
        if isinstance(value, Absent):
            if name in observed:
                yield Difference(where, "no such member", shorten(observed[name]))
        elif name not in observed:
            yield Difference(where, shorten(value), "no such member")
        else:
            yield from differences(value, observed[name], where)


def _in_list(expected: list[Json], observed: Json, path: str) -> Iterator[Difference]:
    if not isinstance(observed, list):
        yield Difference(path, "a list", shorten(observed))
        return
    if len(observed) != len(expected):
        yield Difference(path, f"{len(expected)} items", f"{len(observed)} items")
    for place, (left, right) in enumerate(zip(expected, observed, strict=False)):
        yield from differences(left, right, f"{path}[{place}]")


def _in_moment(expected: datetime, observed: Json, path: str) -> Iterator[Difference]:
    seen = moment(observed)
    if seen is None:
        yield Difference(path, "an RFC 3339 time in UTC, ending in Z", shorten(observed))
    elif abs((seen - expected).total_seconds()) > _MOMENT_TOLERANCE_SECONDS:
        yield Difference(path, expected.isoformat().replace("+00:00", "Z"), shorten(observed))


def _same_number(expected: float, observed: Json, path: str) -> bool:
    if not is_number(observed):
        return False
    tolerance = LATENCY_TOLERANCE_MS if path.endswith("LatencyMs") else _TINY
    return bool(abs(expected - observed) <= tolerance)
