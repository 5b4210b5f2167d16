"""Which items of a checklist are asked: one phase of it, or some of its items."""

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


def choose_items(phase: Phase, slugs: tuple[str, ...]) -> Phase:
    """The phase with these items alone, in its order; whole without any. Raises UsageError."""
    if not slugs:
        return phase
    chosen = {slug if "/" in slug else f"{phase.name}/{slug}": slug for slug in slugs}
    names = {item.id: item.id.partition("/")[2] for item in phase.items}
    for name, slug in chosen.items():
        if name not in names:
            raise UsageError(f"there is no item {slug!r}", hint=suggestion(slug, names.values()))
    return replace(phase, items=tuple(item for item in phase.items if item.id in chosen))
