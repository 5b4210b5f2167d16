"""The failures that the target's team has on file, each with a reason and an end."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from harness.documents import Mapping, Node, Scalar, Sequence, read_document


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """`test` is the id of an observation; the entry no longer counts after the day `expires`."""

    test: str
    reason: str
    expires: date

    def expired(self, today: date) -> bool:
        return today > self.expires


def read_known_failures(path: Path) -> dict[str, KnownFailure]:
    """By test. Raises DocumentError."""
    root = read_document(path)
    if not isinstance(root, Sequence):
        raise root.place.error("must be a list of {test, reason, expires}")
    known: dict[str, KnownFailure] = {}
    for node in root.items:
        if not isinstance(node, Mapping):
            raise node.place.error("must be {test, reason, expires}")
        node.only(("test", "reason", "expires"))
        test = _text(node.require("test"))
        if test in known:
            raise node.place.error(f"{test} is given twice", hint="keep one of them")
        known[test] = KnownFailure(test, _text(node.require("reason")), _day(node.require("expires")))
    return known


def today() -> date:
    return datetime.now(UTC).date()


def _text(node: Node) -> str:
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value.strip():
        raise node.place.error("must be text")
    return node.value.strip()


def _day(node: Node) -> date:
    try:
        return date.fromisoformat(_text(node))
    except ValueError:
        raise node.place.error("must be a day", hint="for instance 2026-12-31") from None
