"""Which evidence speaks for each requirement; the worst of it decides, and none at all leaves it open."""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from harness.evidence import Source, Status
from harness.journal import Entry
from harness.requirements import Requirement


class State(StrEnum):
    """What is known about a requirement, worst first; only `proved` is ever green."""

    FAILED = "failed"
    UNDECIDED = "undecided"
    OPEN = "open"
    REHEARSED = "rehearsed"
    CONDITIONAL = "conditional"
    PROVED = "proved"


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One observation that speaks for a requirement."""

    source: Source
    id: str
    status: Status


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement with its state and all that speaks for it, worst first."""

    id: str
    task: str
    text: str
    state: State
    marks: tuple[Mark, ...]


_STATES = {
    Status.FAIL: State.FAILED,
    Status.NOT_TESTABLE: State.FAILED,
    Status.STALE: State.FAILED,
    Status.ERROR: State.UNDECIDED,
    Status.INVALID: State.UNDECIDED,
    Status.UNDECIDED: State.UNDECIDED,
    Status.BLOCKED: State.UNDECIDED,
    Status.PENDING: State.OPEN,
    Status.SKIPPED: State.OPEN,
    Status.NOT_APPLICABLE: State.OPEN,
    Status.REHEARSED: State.REHEARSED,
    Status.WAIVED: State.CONDITIONAL,
    Status.EXPECTED: State.CONDITIONAL,
    Status.WARNING: State.CONDITIONAL,
    Status.PASS: State.PROVED,
}
_WORST_FIRST = tuple(State)


def cover(entries: Iterable[Entry], requirements: Iterable[Requirement]) -> tuple[Covered, ...]:
    """Every requirement, in its order, with what speaks for it."""
    marks: dict[str, list[Mark]] = defaultdict(list)
    for entry in entries:
        for name in dict.fromkeys(entry.requirements):
            marks[name].append(Mark(source=entry.source, id=entry.id, status=entry.status))
    return tuple(_covered(requirement, marks.get(requirement.id, [])) for requirement in requirements)


def unknown_ids(entries: Iterable[Entry], coverage: Iterable[Covered]) -> tuple[str, ...]:
    """Ids that evidence claims to speak for and that are no requirement."""
    known = {covered.id for covered in coverage}
    return tuple(sorted({name for entry in entries for name in entry.requirements} - known))


def _covered(requirement: Requirement, marks: list[Mark]) -> Covered:
    ordered = sorted(marks, key=lambda mark: _WORST_FIRST.index(_STATES[mark.status]))
    state = _STATES[ordered[0].status] if ordered else State.OPEN
    return Covered(
        id=requirement.id,
        task=requirement.task,
        text=requirement.text,
        state=state,
        marks=tuple(ordered),
    )
