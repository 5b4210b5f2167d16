"""What a record lacks as evidence: passes, requirements, a commit."""

from collections.abc import Iterator

from harness.evidence import Status
from harness.journal import Record
from reports.coverage import Covered, unknown_ids
from reports.findings import Finding, gap
from reports.policy import Effect, Policy
from reports.text import plural

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
    bare = [c.id for c in coverage if not c.marks and not c.id.startswith(policy.after_launch)]
    if bare:
        yield gap(
            f"{plural(len(bare), 'requirement')} without any evidence",
            _listed(bare),
            where="part/requirements",
            settles="Give each a test, a check or a load criterion that speaks for it, and run that.",
            effect=Effect.CONDITION,
        )
    yield from _commit(record)


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
