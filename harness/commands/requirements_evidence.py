"""What runs have shown of each requirement: pure, over journals that were read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from harness.evidence import Source, Status
from harness.journal import Entry, Record

_FAULTS = "faults/"


class Word(StrEnum):
    """What is known of a requirement: green needs evidence that it holds and a fault that reddens it."""

    GREEN = "green"
    FAILED = "failed"
    UNPROVED = "unproved"


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """A test, a load criterion or a checklist item; `status` is empty where no run has asked it."""

    source: Source
    id: str
    status: str = ""


class Reddening(msgspec.Struct, frozen=True, kw_only=True):
    """A fault that names the requirement; `tests` failed on it and speak for the requirement."""

    name: str
    status: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """What the given runs found: the statuses of each speaker, and the faults."""

    statuses: Mapping[tuple[Source, str], frozenset[Status]] = field(default_factory=dict)
    faults: tuple[Entry, ...] = ()

    def of(self, source: Source, name: str) -> str:
        """The gravest of what was seen: a failure, then what did not pass, then a pass."""
        seen = self.statuses.get((source, name), frozenset()) - {Status.NOT_APPLICABLE}
        gravest = sorted(seen, key=lambda status: (not status.failed, status.held))
        return str(gravest[0]) if gravest else ""

    def reddening(self, requirement: str, tests: Iterable[str]) -> tuple[Reddening, ...]:
        known = frozenset(tests)
        return tuple(
            Reddening(
                name=entry.id.removeprefix(_FAULTS),
                status=str(entry.status),
                tests=tuple(name for name in _killers(entry) if name in known),
            )
            for entry in self.faults
            if requirement in entry.requirements
        )


def evidence_of(records: Iterable[Record]) -> Evidence:
    statuses: dict[tuple[Source, str], frozenset[Status]] = {}
    faults: dict[str, Entry] = {}
    for record in records:
        for entry in record.entries:
            if entry.id.startswith(_FAULTS):
                faults[entry.id] = entry
                continue
            key = (entry.source, entry.id.partition("[")[0])
            statuses[key] = statuses.get(key, frozenset()) | {entry.status}
    return Evidence(statuses, tuple(faults.values()))


def word(speakers: Sequence[Speaker], faults: Sequence[Reddening]) -> tuple[Word, str]:
    """What is known of a requirement, and why it is not green."""
    statuses = [Status(speaker.status) for speaker in speakers if speaker.status]
    if any(status.failed for status in statuses):
        return Word.FAILED, "what speaks for it fails"
    if not speakers:
        return Word.UNPROVED, "nothing speaks for it"
    if not any(status.held for status in statuses):
        return Word.UNPROVED, "no run shows that it holds"
    if not any(fault.tests for fault in faults):
        return Word.UNPROVED, "no fault reddens what speaks for it"
    return Word.GREEN, ""


def _killers(entry: Entry) -> tuple[str, ...]:
    killers = entry.evidence.get("killers", ())
    return tuple(dict.fromkeys(str(name).partition("[")[0] for name in killers))
