"""Keys that would do nothing beside what else an item says: a mistake where it says them itself."""

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf

from checklists.expectations import Comparison, Expectation
from checklists.kinds import Kind
from harness.documents import Mapping, Node

_AGAIN = ("retries", "eventually")  # two ways to say how often it is asked


def with_defaults(item: Mapping, defaults: MappingOf[str, Node]) -> Mapping:
    """The item with what it does not say itself; its own keys alone have a place in `key_places`."""
    says = any(key in item for key in _AGAIN)
    fitting = {key: node for key, node in defaults.items() if not (says and key in _AGAIN)}
    return Mapping({**fitting, **item.entries}, item.key_places, item.place)


def without_idle(item: Mapping, kind: Kind, *, changes: bool) -> Mapping:
    """The item without defaults that would do nothing in it. Raises DocumentError for its own such keys."""
    idle = set()
    for key, message, hint in _idle(item, kind, changes=changes):
        if key in item.key_places:
            raise item.key_places[key].error(message, hint=hint)
        idle.add(key)
    kept = {key: node for key, node in item.entries.items() if key not in idle}
    return Mapping(kept, item.key_places, item.place)


def _idle(item: Mapping, kind: Kind, *, changes: bool) -> Iterator[tuple[str, str, str]]:
    for key in kind.idle:
        if key in item:
            yield key, f"{key!r} does nothing beside {kind.key!r}", "take it away"
    if changes:
        for key in (*_AGAIN, "hold"):
            if key in item:
                yield (
                    key,
                    f"{key!r} does not go with what changes something: that is done once",
                    "say `changes: nothing` where it only looks",
                )
    if all(key in item for key in _AGAIN):
        yield "retries", "'retries' does nothing beside 'eventually'", "keep one of them"


def check_measured(item: Mapping, kind: Kind, expectations: tuple[Expectation, ...]) -> None:
    """Raises DocumentError for what is measured and not expected, and the other way round."""
    expected = {found.subject.word for found in expectations if isinstance(found, Comparison)}
    for key, word in kind.measures.items():
        if key in item and word not in expected:
            raise item.key_places[key].error(
                f"{key!r} measures {word}, of which nothing is expected",
                hint=f"add {word} = 0 to expect, or take it away",
            )
        if word in expected and key not in item:
            raise item.entries["expect"].place.error(
                f"{word} are measured by {key!r}, which the item does not have", hint=f"add {key}: …"
            )
