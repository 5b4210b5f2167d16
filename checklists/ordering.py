"""Which items wait for which; pure."""

from collections.abc import Mapping

from checklists.model import Item, Outcome, Severity
from harness.documents import suggestion
from harness.evidence import Status

_LETS_ON = frozenset({Status.PASS, Status.REHEARSED, Status.WAIVED})


def check_needs(items: tuple[Item, ...], *, ordered: bool) -> None:
    """Raises DocumentError where a need names nothing, comes too late, or needs go round in a circle."""
    by_id = {item.id: item for item in items}
    for item in items:
        for need in item.needs:
            if need not in by_id:
                names = [name.partition("/")[2] for name in by_id if name != item.id]
                raise item.place.error(
                    f"{item.title!r} needs {need.partition('/')[2]!r}, which is no item of its phase",
                    hint=_near(need.partition("/")[2], names),
                )
            if ordered and items.index(by_id[need]) > items.index(item):
                late = need.partition("/")[2]
                raise item.place.error(
                    f"{item.title!r} needs {late!r}, which comes after it in an ordered phase",
                    hint="put it before",
                )
    done: set[str] = set()
    for item in items:
        circle = _circle(item.id, by_id, done, [])
        if circle:
            raise by_id[circle[0]].place.error(
                "the needs go round in a circle: " + " → ".join(circle), hint="take one of them away"
            )


def _near(name: str, names: list[str]) -> str:
    hint = suggestion(name, names)
    return hint if hint.startswith("did you mean") else "name the slug of a title"


def _circle(name: str, by_id: Mapping[str, Item], done: set[str], path: list[str]) -> list[str]:
    if name in path:
        return [*path[path.index(name) :], name]
    if name in done:
        return []
    for need in by_id[name].needs:
        circle = _circle(need, by_id, done, [*path, name])
        if circle:
            return circle
    done.add(name)
    return []


def ready(item: Item, undecided: tuple[Item, ...], *, ordered: bool) -> bool:
    """Whether everything that the item waits for is decided; in an ordered phase, all that stands before it.

    `undecided` are the items that are running or waiting, in the order of the file, this one among them.
    """
    if ordered:
        return undecided[0].id == item.id
    return not {other.id for other in undecided}.intersection(item.needs)


def obstacle(item: Item, outcomes: Mapping[str, Outcome], *, ordered: bool) -> Outcome | None:
    """What forbids asking the item: a need that did not pass, or what stopped an ordered phase.

    Of several it is one that failed or waits for a failure: that decides, whatever becomes of the others.
    """
    needs = [outcomes[need] for need in item.needs if need in outcomes]
    before = [outcome for outcome in needs if outcome.status not in _LETS_ON]
    if ordered:
        before += [outcome for outcome in outcomes.values() if stops(outcome)]
    failed = {name for name, outcome in outcomes.items() if outcome.status.failed}
    decisive = (outcome for outcome in before if failed.intersection((outcome.item.id, *outcome.blocked_by)))
    return next(decisive, before[0] if before else None)


def stops(outcome: Outcome) -> bool:
    """Whether an ordered phase ends here."""
    if outcome.declined:
        return True
    if outcome.item.severity is not Severity.BLOCKER:
        return False
    return outcome.status.failed or outcome.status is Status.ERROR
