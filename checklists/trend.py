"""What many rounds of one item come to: a status, and how its numbers moved; pure."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from checklists.continuity import Continuity
from checklists.expectations import Comparison, Facts, number
from checklists.model import Item, Outcome
from harness.evidence import Status

_SELDOM = 0.1  # of all rounds: what failed more often has failed, also where it holds at the end
_LATELY = 0.25  # of all rounds, at the end: what failed within them has not yet shown that it holds


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of one item; `at` in seconds since the epoch, `numbers` by what was compared."""

    at: float
    status: Status
    message: str = ""
    numbers: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trend:
    status: Status
    message: str
    evidence: dict[str, Any]


def sample_of(outcome: Outcome, at: float) -> Sample:
    facts = outcome.attempts[-1].answer.facts if outcome.attempts and outcome.attempts[-1].answer else None
    numbers = _numbers(outcome.item, facts) if facts else {}
    return Sample(at, outcome.status, outcome.message, numbers)


def _numbers(item: Item, facts: Facts) -> dict[str, float]:
    """The last value of each word that is compared, where it is a number."""
    found = {}
    for expectation in item.expectations:
        if isinstance(expectation, Comparison):
            values = facts.words.get(expectation.subject.word, ())
            exact = number(values[-1]) if values else None
            if exact is not None:
                found[expectation.subject.word] = float(exact)
    return found


def trend_of(samples: Sequence[Sample]) -> Trend:
    """The last round decides, unless it failed or was undecided lately, or often. Needs one sample."""
    last = samples[-1]
    failed = [sample.status.failed for sample in samples]
    unknown = [sample.status is Status.ERROR for sample in samples]
    undecided = Status.ERROR if _tells(unknown) else last.status
    status = Status.FAIL if _tells(failed) else undecided
    return Trend(
        status,
        "; ".join(_said(samples, sum(failed), sum(unknown), status)),
        {
            "rounds": len(samples),
            "failed": sum(failed),
            "undecided": sum(unknown),
            "hours": round((last.at - samples[0].at) / 3600, 2),
            "numbers": {word: _moved(samples, word) for word in last.numbers},
        },
    )


def as_watched(trend: Trend, continuity: Continuity) -> Trend:
    """The trend with what is not known of it: where nobody looked for long, that it held is an error."""
    evidence = trend.evidence | {
        "planned_rounds": continuity.planned,
        "longest_gap_seconds": continuity.longest,
        "unseen": continuity.unseen,
    }
    if not continuity.unseen:
        return replace(trend, evidence=evidence)
    said = (
        f"nobody looked for {continuity.unseen * 100:.3g} % of the time, at most {_span(continuity.longest)} "
        f"at once: {continuity.rounds} of {continuity.planned} planned rounds were made"
    )
    status = Status.ERROR if continuity.broken and trend.status.held else trend.status
    return Trend(status, f"{trend.message}; {said}", evidence)


def _span(seconds: float) -> str:
    return f"{seconds / 3600:.3g} h" if seconds >= 3600 else f"{seconds:.3g} s"


def _tells(marks: Sequence[bool]) -> bool:
    lately = max(1, round(len(marks) * _LATELY))
    return any(marks[-lately:]) or sum(marks) > len(marks) * _SELDOM


def _said(samples: Sequence[Sample], failed: int, unknown: int, status: Status) -> list[str]:
    last, rounds = samples[-1], len(samples)
    said = [last.message] if last.message else []
    if failed:
        worst = next(sample.message for sample in reversed(samples) if sample.status.failed)
        said.append(
            f"failed in {failed} of {rounds} rounds" + (f", as in {worst}" if worst not in said else "")
        )
    if unknown:
        said.append(f"undecided in {unknown} of {rounds} rounds")
    if status is Status.PASS and (failed or unknown):
        said.append("it has held since")
    elif not said:
        said.append(f"the same in all of {rounds} rounds" if rounds > 1 else "one round")
    moves = {word: _moved(samples, word) for word in last.numbers}
    return said + [_told(word, moved) for word, moved in moves.items() if moved["least"] < moved["greatest"]]


def _moved(samples: Sequence[Sample], word: str) -> dict[str, float]:
    """From, to, least, greatest, and the slope an hour by least squares."""
    points = [(sample.at / 3600, sample.numbers[word]) for sample in samples if word in sample.numbers]
    values = [value for _, value in points]
    slope = 0.0
    if len({at for at, _ in points}) > 1:
        slope = statistics.linear_regression([at for at, _ in points], values).slope
    return {
        "first": values[0],
        "last": values[-1],
        "least": min(values),
        "greatest": max(values),
        "per_hour": round(slope, 6),
    }


def _told(word: str, moved: dict[str, float]) -> str:
    between = f"between {moved['least']:.6g} and {moved['greatest']:.6g}"
    return f"{word} {moved['first']:.6g} → {moved['last']:.6g}, {between}, {moved['per_hour']:+.3g} an hour"
