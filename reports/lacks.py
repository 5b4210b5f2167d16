"""What a record lacks as evidence: passes, requirements, a commit."""

from collections.abc import Iterator

from harness.evidence import Json, Source, Status
from harness.journal import Record
from reports.coverage import Covered, unknown_ids
from reports.findings import PART_COMMANDS, Finding, gap
from reports.policy import Effect, Policy
from reports.text import line, plural

_NAMED = 12


def find_lacks(record: Record, policy: Policy, coverage: tuple[Covered, ...]) -> Iterator[Finding]:
    """Each thing without which a release is no plain GO."""
    if not any(entry.status in (Status.PASS, Status.REHEARSED) for entry in record.entries):
        yield gap(
            "Nothing passed",
            "there is no passing evidence at all",
            where="part/run",
            settles="Run the launch to its end.",
        )
    unknown = unknown_ids(record.entries, coverage)
    if unknown:
        yield gap(
            f"Evidence names {plural(len(unknown), 'requirement')} that nobody knows",
            _listed(unknown),
            where="part/requirements",
            settles="Correct the ids where the evidence is made.",
            effect=Effect.CONDITION,
        )
    waived = _waived(record)
    bare = [
        c.id
        for c in coverage
        if not _spoken_for(c) and not c.id.startswith(policy.after_launch) and c.id not in waived
    ]
    if bare:
        yield gap(
            f"{plural(len(bare), 'requirement')} without any evidence",
            _listed(bare),
            where="part/requirements",
            settles="Give each a test, a check or a load criterion that speaks for it, and run that.",
            effect=Effect.CONDITION if record.header.about.rehearsal else Effect.UNDECIDED,
        )
    yield from _plans(record, policy)
    yield from _commit(record)


def _spoken_for(covered: Covered) -> bool:
    """What does not apply to the target has looked at nothing."""
    return any(mark.status is not Status.NOT_APPLICABLE for mark in covered.marks)


def _waived(record: Record) -> frozenset[str]:
    """The requirements whose lack of evidence somebody answers for: the waived item names them."""
    return frozenset(
        name
        for entry in record.of(Source.CHECKLIST)
        if entry.status is Status.WAIVED and entry.evidence.get("kind") == "evidence"
        for name in _texts(entry.evidence.get("missing"))
    )


def _texts(value: Json) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _plans(record: Record, policy: Policy) -> Iterator[Finding]:
    """Without the whole checklist on record nobody can tell what of it was never asked."""
    entries = record.of(Source.CHECKLIST)
    if record.header.about.rehearsal or not entries:
        return
    on_record = {plan.phase for plan in record.header.about.plans}
    spoken_of = {entry.id.partition("/")[0] for entry in entries}
    for phase in dict.fromkeys((*policy.phases, *sorted(spoken_of))):
        if phase not in on_record:
            name = line(phase, 60)
            yield gap(
                f"What the checklist {name} asks is not on record",
                "no run of it names its items, so that those never asked cannot be told",
                where="part/checklist",
                settles=f"Run `{PART_COMMANDS[Source.CHECKLIST]} {name}` as a whole.",
            )


def _commit(record: Record) -> Iterator[Finding]:
    subject = record.header.about.subject
    if record.header.about.rehearsal or subject is None:
        return
    if subject.commit is None:
        title, detail = "The release's commit is not known", "the target's profile gives no `release.commit`"
    elif subject.dirty:
        title, detail = "The release was not built from a clean tree", subject.commit
    else:
        return
    yield gap(
        title,
        detail,
        where="part/release",
        settles="Name the commit of a clean build under `release` in the profile.",
        effect=Effect.CONDITION,
    )


def _listed(names: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
