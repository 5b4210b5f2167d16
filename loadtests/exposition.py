"""What a target's own metrics say of the requests that it was sent; pure."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from harness.load_result import Reconciliation

Series: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]  # a name and its labels
Readings: TypeAlias = Mapping[Series, float]

_LINE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+([-+.\w]+)")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_PREFERRED = "discovery_requests_total"  # the name that the marketplace's requirements give it
_REQUESTS = re.compile(
    r"requests?(_seconds|_duration|_duration_seconds|_duration_milliseconds)?(_total|_count)$"
)
_DATABASE = re.compile(
    r"(database|postgres|sql|db)\w*(busy|query|queries|request|statement)\w*seconds(_total|_sum)$"
)
_PROBES_A_SECOND = 2  # what health probes and scrapers may ask beside us


@dataclass(frozen=True, slots=True)
class Sent:
    """Requests of one run as its client knows them: with an answer, without one, and how long it took."""

    answered: int
    unanswered: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Why the target's own count, which its profile promises, is not known."""

    reason: str


def read_exposition(text: str) -> dict[Series, float]:
    """The counters of requests and of database time in Prometheus's text format; other lines are skipped."""
    found: dict[Series, float] = defaultdict(float)
    for line in text.splitlines():
        match = _LINE.match(line)
        if match and (_REQUESTS.search(match[1]) or _DATABASE.search(match[1])):
            labels = tuple(sorted(_LABEL.findall(match[2] or "")))
            try:
                found[match[1], labels] += float(match[3])
            except ValueError:
                continue
    return dict(found)


def database_seconds(readings: Readings) -> float | None:
    """Time that the target spent with its database so far; None where its metrics do not tell."""
    told = [value for (name, _), value in readings.items() if _DATABASE.search(name)]
    return sum(told) if told else None


def requests_total(readings: Readings) -> float | None:
    """Of the counter that is preferred, or of the one that counted most."""
    totals = _totals(readings)
    return totals.get(_PREFERRED, max(totals.values(), default=None))


def reconcile(before: Readings, after: Readings, sent: Sent) -> Reconciliation | None:
    """Both sides' counts; an explanation where they differ and may; None where nothing is counted.

    A difference without an explanation is told as one that begins with "unexplained".
    """
    grown = {
        series: value - before.get(series, 0.0)
        for series, value in after.items()
        if _REQUESTS.search(series[0])
    }
    totals = _totals(grown)
    if not totals:
        return None
    metric = _PREFERRED if _PREFERRED in totals else min(totals, key=lambda n: abs(totals[n] - sent.answered))
    own = {labels: round(value) for (name, labels), value in grown.items() if name == metric}
    server = sum(own.values())
    return Reconciliation(
        metric=metric, client=sent.answered, server=server, explanation=_explanation(own, server, sent)
    )


def unexplained(reconciliation: Reconciliation) -> bool:
    return reconciliation.explanation.startswith("unexplained")


def _explanation(own: Mapping[tuple[tuple[str, str], ...], int], server: int, sent: Sent) -> str:
    difference = server - sent.answered
    if difference == 0:
        return ""
    if min(own.values()) < 0:
        return "the target's counters began anew during the run: a process of it was replaced"
    if difference < 0:
        return f"unexplained: {-difference} requests that were answered are missing from the target's count"
    if difference <= sent.unanswered:
        return f"of {sent.unanswered} requests that got no answer the target counted {difference}"
    for label, value, count in _by_label(own):
        if sent.answered <= count <= sent.answered + sent.unanswered:
            return f'{label}="{value}" counts ours, the other {server - count} are requests of other kinds'
    if difference - sent.unanswered <= _PROBES_A_SECOND * (sent.seconds + 1):
        return f"{difference} more, no more than probes and scrapers ask"
    return f"unexplained: the target counted {difference} requests more than it answered us"


def _by_label(own: Mapping[tuple[tuple[str, str], ...], int]) -> list[tuple[str, str, int]]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for labels, count in own.items():
        for pair in labels:
            counts[pair] += count
    return [(*pair, count) for pair, count in counts.items()]


def _totals(readings: Readings) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    for (name, _), value in readings.items():
        if _REQUESTS.search(name):
            totals[name] += value
    return dict(totals)
