"""The items of a checklist that were never asked, as if each had been and could not tell."""

from harness.evidence import Source, Status
from harness.journal import Entry, Record
from reports.findings import PART_COMMANDS
from reports.text import line


def unasked(record: Record) -> tuple[Entry, ...]:
    """One entry for each, at the place of the header that names it; none of them is evidence of anything."""
    asked = {entry.id for entry in record.of(Source.CHECKLIST)}
    return tuple(
        Entry(
            seq=record.header.seq,
            at=record.header.at,
            prev="",
            source=Source.CHECKLIST,
            id=item.id,
            status=Status.UNDECIDED,
            requirements=item.requirements,
            message="it was never asked",
            evidence={
                "title": item.title,
                "severity": item.severity,
                "owner": item.owner,
                "settles": f"Run `{PART_COMMANDS[Source.CHECKLIST]} {line(plan.phase, 60)}` as a whole.",
            },
        )
        for plan in record.header.about.plans
        for item in plan.items
        if item.id not in asked
    )
