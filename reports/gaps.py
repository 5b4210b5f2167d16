"""What a record lacks as a whole: parts that said nothing, steps that broke, a run that was cut short."""

import re
from collections.abc import Iterator

from harness.evidence import Source, Status
from harness.exit_codes import ExitCode
from harness.journal import Entry, Phase, Record
from reports.findings import PART_COMMANDS, PART_NAMES, Finding, gap
from reports.policy import Effect, Policy
from reports.text import line, plural

# What a part has to have said at least once to have decided anything.
_DECIDED = frozenset(
    {
        Status.PASS,
        Status.REHEARSED,
        Status.WARNING,
        Status.EXPECTED,
        Status.WAIVED,
        Status.STALE,
        Status.NOT_TESTABLE,
        Status.FAIL,
    }
)
_UNSETTLED = frozenset({Status.ERROR, Status.INVALID, Status.UNDECIDED, Status.BLOCKED, Status.PENDING})
_PARTS_OF_PHASES = {
    "contract": Source.CONTRACT,
    "load": Source.LOAD,
    "rehearse": Source.LOAD,
    "rehearsal": Source.LOAD,
    "check": Source.CHECKLIST,
    "checks": Source.CHECKLIST,
    "checklist": Source.CHECKLIST,
}
_FINE = frozenset({ExitCode.PASS, ExitCode.OPEN})


def required_parts(record: Record, policy: Policy) -> tuple[Source, ...]:
    return tuple(dict.fromkeys((*policy.parts, *record.header.about.parts)))


def part_of(phase: Phase) -> Source | None:
    """The part that a phase belongs to, by the first word of its name."""
    first = re.split(r"[^a-z]+", phase.name.lower().strip(), maxsplit=1)[0]
    return _PARTS_OF_PHASES.get(first)


def find_gaps(record: Record, policy: Policy) -> Iterator[Finding]:
    """Each thing that keeps the record from supporting a verdict, and each step that failed unexplained."""
    if record.footer.outcome != "complete":
        yield gap(
            "The run was cut short",
            f"its outcome is {record.footer.outcome!r}: what was not reached is not known",
            where="part/run",
            settles="Run it again to its end.",
        )
    for part in required_parts(record, policy):
        yield from _silent_part(part, record)
    for phase in record.footer.phases:
        yield from _broken_phase(phase, record, policy)
    if not record.header.about.rehearsal and record.header.about.subject is None:
        yield gap(
            "What was judged is not on record",
            "the journal names no target",
            where="part/run",
            settles="Run it with --target FILE.",
        )


def _silent_part(part: Source, record: Record) -> Iterator[Finding]:
    entries = record.of(part)
    if any(entry.status in _DECIDED for entry in entries):
        return
    said = next((entry.message for entry in entries if entry.message), "")
    yield gap(
        f"{PART_NAMES[part]} gave no decision",
        f"{plural(len(entries), 'observation')}, none of them decided" + (f": {said}" if said else "")
        if entries
        else "it left no observation at all",
        where=f"part/{part}",
        settles=f"Run `{PART_COMMANDS[part]}` to its end.",
    )


def _broken_phase(phase: Phase, record: Record, policy: Policy) -> Iterator[Finding]:
    part = part_of(phase)
    if phase.exit_code in _FINE or _explained(phase, part, record.entries, policy):
        return
    failed = phase.exit_code == ExitCode.FAIL
    name = line(phase.name, 60)
    yield gap(
        f"The step {name!r} failed" if failed else f"The step {name!r} gave no decision",
        f"exit code {phase.exit_code}" + (f": {phase.message}" if phase.message else ""),
        where=f"phase/{phase.name}",
        settles=f"Find out why the step {name!r} ended so, then run it again.",
        effect=Effect.STOP if failed else Effect.UNDECIDED,
    )


def _belongs(entry: Entry, phase: Phase) -> bool:
    """Whether an observation is of this phase, where a second word (`load spike`) names its group."""
    words = phase.name.partition(" (")[0].split()  # without the run's name, which merging adds
    return len(words) < 2 or entry.id.startswith(f"{words[1]}/")


def _explained(phase: Phase, part: Source | None, entries: tuple[Entry, ...], policy: Policy) -> bool:
    """Whether the observations of a phase's part already say what its exit code says."""
    own = [entry.status for entry in entries if entry.source is part and _belongs(entry, phase)]
    if phase.exit_code == ExitCode.FAIL:
        return any(status.failed for status in own)
    if phase.exit_code == ExitCode.UNDECIDED:
        return part in policy.tolerant and any(status in _UNSETTLED for status in own)
    return False
