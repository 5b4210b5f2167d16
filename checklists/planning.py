"""What a phase asks in whole, for the journal: an item that was never asked is missed by it."""

from checklists.model import Checklist, Phase
from harness.journal import Plan, PlannedItem


def plan_of(phase: Phase, checklist: Checklist) -> Plan:
    return Plan(
        phase=str(phase.name),
        digest=checklist.digest,
        items=tuple(
            PlannedItem(
                id=item.id,
                title=item.title,
                severity=str(item.severity),
                owner=item.owner or item.role,
                requirements=item.requirements,
            )
            for item in phase.items
        ),
    )
