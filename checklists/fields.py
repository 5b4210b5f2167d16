"""Reads the keys of an item, each with its place, so that a mistake can be pointed at."""

from dataclasses import dataclass

from checklists import references
from checklists.units import parse_duration
from harness.documents import Mapping, Node, Scalar, Sequence, suggestion


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping that is read key by key; every error is a DocumentError with file, line and column."""

    mapping: Mapping

    def __contains__(self, key: str) -> bool:
        return key in self.mapping

    def text(self, key: str, default: str | None = None) -> str:
        node = self.mapping.get(key)
        if node is None:
            if default is None:
                raise self.mapping.place.error(f"{key!r} is missing", hint=f"add {key}: …")
            return default
        return text(node)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text alone; empty where the key is absent."""
        node = self.mapping.get(key)
        return () if node is None else tuple(text(item) for item in items(node))

    def pairs(self, key: str) -> dict[str, str]:
        node = self.mapping.get(key)
        if node is None:
            return {}
        return {name: text(value) for name, value in mapping(node).entries.items()}

    def duration(self, key: str, default: float) -> float:
        node = self.mapping.get(key)
        return default if node is None else duration(node)

    def count(self, key: str, default: int, *, least: int = 0, most: int = 10_000) -> int:
        node = self.mapping.get(key)
        return default if node is None else count(node, least, most)

    def choice(self, key: str, words: tuple[str, ...], default: str) -> str:
        node = self.mapping.get(key)
        if node is None:
            return default
        word = text(node)
        if word not in words:
            raise node.place.error(f"{word!r} is not a {key}", hint=suggestion(word, words))
        return word


def text(node: Node) -> str:
    """Text that is not empty; each `${…}` in it names a value of a profile."""
    if not isinstance(node, Scalar) or node.value is None:
        raise node.place.error("must be text")
    value = node.text.strip()
    if not value:
        raise node.place.error("must not be empty")
    for name in references.mentioned(value):
        if name not in references.NAMES:
            raise node.place.error(
                f"${{{name}}} is not a value of a target profile", hint=suggestion(name, references.NAMES)
            )
    return value


def items(node: Node) -> tuple[Node, ...]:
    """The members of a list; anything else is a list of itself."""
    return node.items if isinstance(node, Sequence) else (node,)


def mapping(node: Node, what: str = "a mapping of keys") -> Mapping:
    if not isinstance(node, Mapping):
        raise node.place.error(f"must be {what}", hint="write key: value")
    return node


def duration(node: Node) -> float:
    """Seconds, above zero."""
    try:
        seconds = parse_duration(text(node))
    except ValueError as error:
        raise node.place.error(str(error), hint="for instance 500ms, 10s, 5m, 24h or 7d") from None
    if seconds <= 0:
        raise node.place.error("must be longer than nothing", hint="for instance 10s")
    return seconds


def count(node: Node, least: int, most: int) -> int:
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise node.place.error(f"must be a whole number from {least} to {most}")
    return value
