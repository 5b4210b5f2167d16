"""Several runs of one release and target, read as one."""

import hashlib
from collections.abc import Sequence

import msgspec

from harness.errors import UsageError
from harness.exit_codes import ExitCode
from harness.journal import Entry, Footer, Phase, Plan, Record, Subject

_NAMED = ("name", "base_url", "release", "commit", "profile_digest")


def merge(records: Sequence[Record]) -> Record:
    """One record of all runs, the oldest first.

    Where an item was observed again, what failed once has failed: the commit is the same. Anything else gives
    way to the newer observation. Raises UsageError where the runs judge different things, or ask different
    checklists.
    """
    ordered = in_order(records)
    if len(ordered) == 1:
        return ordered[0]
    first, last = ordered[0], ordered[-1]
    for other in ordered[1:]:
        _same_subject(first, other)
    entries = _latest([entry for record in ordered for entry in record.entries])
    about = msgspec.structs.replace(
        last.header.about,
        run="+".join(record.header.about.run for record in ordered),
        command="+".join(dict.fromkeys(record.header.about.command for record in ordered)),
        rehearsal=any(record.header.about.rehearsal for record in ordered),
        parts=tuple(dict.fromkeys(part for record in ordered for part in record.header.about.parts)),
        plans=_plans(ordered),
    )
    return Record(
        folder=last.folder,
        header=msgspec.structs.replace(last.header, at=first.header.at, about=about),
        entries=entries,
        footer=_footer(ordered, len(entries)),
        digest=hashlib.sha256("".join(record.digest for record in ordered).encode()).hexdigest(),
    )


def in_order(records: Sequence[Record]) -> tuple[Record, ...]:
    """The oldest first. Raises UsageError for a run that is given twice."""
    digests: dict[str, Record] = {}
    for record in records:
        first = digests.setdefault(record.digest, record)
        if first is not record:
            raise UsageError(f"{first.folder} and {record.folder} are one run", hint="name each run once")
    return tuple(sorted(records, key=lambda record: record.header.at))


def _footer(records: Sequence[Record], count: int) -> Footer:
    outcomes = {record.footer.outcome for record in records} - {"complete"}
    return msgspec.structs.replace(
        records[-1].footer,
        observations=count,
        outcome=min(outcomes, default="complete"),
        seconds=sum(record.footer.seconds for record in records),
        phases=tuple(phase for record in records for phase in _phases(record)),
    )


def _phases(record: Record) -> tuple[Phase, ...]:
    """A broken step of one run is told with the run's name; only unbroken ones are the merged run's own."""
    run = record.header.about.run
    return tuple(
        phase
        if phase.exit_code == ExitCode.PASS
        else msgspec.structs.replace(phase, name=f"{phase.name} ({run})")
        for phase in record.footer.phases
    )


def _same_subject(first: Record, other: Record) -> None:
    one, two = first.header.about.subject, other.header.about.subject
    names = f"{first.folder} and {other.folder}"
    if one is None or two is None:
        raise UsageError(f"{names}: a run that names no target cannot be merged", hint="report on it alone")
    for field in _NAMED:
        if getattr(one, field) != getattr(two, field):
            raise UsageError(
                f"{names} judge different things: {_said(field, one)} against {_said(field, two)}",
                hint="merge only runs of one release and one target profile",
            )


def _plans(records: Sequence[Record]) -> tuple[Plan, ...]:
    """One of each phase. Raises UsageError where two runs asked different checklists of it."""
    found: dict[str, tuple[Record, Plan]] = {}
    for record in records:
        for plan in record.header.about.plans:
            first, known = found.setdefault(plan.phase, (record, plan))
            if plan != known:
                raise UsageError(
                    f"{first.folder} and {record.folder} asked different checklists of {plan.phase}: "
                    f"{known.digest[:12]} against {plan.digest[:12]}",
                    hint="check again with one of them, and merge only runs of that",
                )
    return tuple(plan for _, plan in found.values())


def _said(field: str, subject: Subject) -> str:
    value = getattr(subject, field)
    return f"{field} {value!r}" if value else f"no {field}"


def _latest(entries: list[Entry]) -> tuple[Entry, ...]:
    chosen: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        key = (entry.source, entry.id)
        before = chosen.get(key)
        if before is not None and before.status.failed:
            continue
        chosen[key] = entry
    return tuple(chosen.values())
