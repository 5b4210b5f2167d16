"""What blocks a launch: the policy file, parsed once."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from harness.documents import Mapping, Node, Scalar, Sequence, read_document, suggestion
from harness.evidence import Source, Status

FILE = Path(__file__).with_name("policy.yaml")
FORMAT = 1


class Severity(StrEnum):
    """How much an item weighs, gravest first."""

    BLOCKER = "blocker"
    MAJOR = "major"
    MINOR = "minor"


class Effect(StrEnum):
    """What an outcome does to the verdict, gravest first."""

    STOP = "stop"
    UNDECIDED = "undecided"
    CONDITION = "condition"
    NOTE = "note"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Policy:
    """`effects` knows every status at every severity; `settles` every status that leaves something to do."""

    parts: tuple[Source, ...]
    tolerant: frozenset[Source]
    phases: tuple[str, ...]
    after_launch: tuple[str, ...]
    default_severity: Severity
    effects: dict[tuple[Status, Severity], Effect]
    settles: dict[Status, str]

    def effect(self, status: Status, severity: Severity) -> Effect:
        return self.effects[status, severity]


def read_policy(path: Path = FILE) -> Policy:
    """Raises DocumentError for an unknown key or word, and for an outcome that the policy forgets."""
    root = _mapping(read_document(path))
    root.only(
        ("format", "parts", "tolerant", "phases", "after_launch", "default_severity", "effects", "settles")
    )
    version = root.require("format")
    if not isinstance(version, Scalar) or version.value != FORMAT:
        raise version.place.error("is a format that is not known", hint=f"known: {FORMAT}")
    return Policy(
        parts=_words(Source, root.require("parts")),
        tolerant=frozenset(_words(Source, root.require("tolerant"))),
        phases=tuple(_text(item) for item in _items(root.require("phases"))),
        after_launch=tuple(_text(item) for item in _items(root.require("after_launch"))),
        default_severity=_word(Severity, root.require("default_severity")),
        effects=_effects(_mapping(root.require("effects"))),
        settles=_settles(_mapping(root.require("settles"))),
    )


def _effects(node: Mapping) -> dict[tuple[Status, Severity], Effect]:
    node.only(_names(Status), what="status")
    table: dict[tuple[Status, Severity], Effect] = {}
    for status in Status:
        row = _mapping(node.require(status.value))
        row.only(_names(Severity), what="severity")
        for severity in Severity:
            table[status, severity] = _word(Effect, row.require(severity.value))
    return table


def _settles(node: Mapping) -> dict[Status, str]:
    node.only(_names(Status), what="status")
    return {Status(key): _text(value) for key, value in node.entries.items()}


def _names(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


_Word = TypeVar("_Word", bound=StrEnum)


def _word(kind: type[_Word], node: Node) -> _Word:
    text, known = _text(node), _names(kind)
    if text not in known:
        raise node.place.error(f"{text!r} is not known here", hint=suggestion(text, known))
    return kind(text)


def _words(kind: type[_Word], node: Node) -> tuple[_Word, ...]:
    return tuple(_word(kind, item) for item in _items(node))


def _items(node: Node) -> tuple[Node, ...]:
    if not isinstance(node, Sequence):
        raise node.place.error("must be a list")
    return node.items


def _text(node: Node) -> str:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        raise node.place.error("must be text")
    return node.value


def _mapping(node: Node) -> Mapping:
    if not isinstance(node, Mapping):
        raise node.place.error("must be a mapping of keys")
    return node
