"""Which items of a checklist are asked: one phase of it, or one item."""

from dataclasses import replace

from checklists.model import Checklist, Phase, PhaseName
from harness.documents import suggestion
from harness.errors import UsageError


def choose_phase(checklist: Checklist, name: PhaseName) -> Phase:
    """Raises UsageError."""
    found = next((phase for phase in checklist.phases if phase.name is name), None)
    if found is None:
        names = ", ".join(phase.name for phase in checklist.phases)
        raise UsageError(f"{checklist.path} has no phase {name}", hint=f"it has {names}")
    return found


def choose_item(phase: Phase, slug: str | None) -> Phase:
    """The phase with this item alone; whole without one. Raises UsageError."""
    if slug is None:
        return phase
    full = slug if "/" in slug else f"{phase.name}/{slug}"
    items = tuple(item for item in phase.items if item.id == full)
    if not items:
        names = [item.id.partition("/")[2] for item in phase.items]
        raise UsageError(f"there is no item {slug!r}", hint=suggestion(slug, names))
    return replace(phase, items=items)
