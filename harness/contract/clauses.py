"""The clauses of the wire contract, read from a file beside this one."""

from dataclasses import dataclass
from pathlib import Path

from harness.documents import Mapping, Node, Scalar, Sequence, read_document

FILE = Path(__file__).with_name("clauses.yaml")
_KEYS = ("id", "section", "text", "requirements", "tests", "untested", "unbroken")


@dataclass(frozen=True, slots=True)
class Clause:
    """One normative statement. `tests` are ids without parameters.

    `untested` says why no test asks for it, `unbroken` why no fault breaks it though a test does.
    """

    id: str
    section: str
    text: str
    requirements: tuple[str, ...]
    tests: tuple[str, ...]
    untested: str = ""
    unbroken: str = ""

    @property
    def needs_a_fault(self) -> bool:
        return not (self.untested or self.unbroken)


def read_clauses(path: Path = FILE) -> tuple[Clause, ...]:
    """All clauses in the order of the file. Raises DocumentError."""
    root = read_document(path)
    if not isinstance(root, Sequence):
        raise root.place.error("must be a list of clauses")
    found: dict[str, Clause] = {}
    for node in root.items:
        if not isinstance(node, Mapping):
            raise node.place.error("must be {id, section, text, requirements, tests}")
        node.only(_KEYS)
        clause = _clause(node)
        if clause.id in found:
            raise node.place.error(f"{clause.id} is given twice")
        found[clause.id] = clause
    return tuple(found.values())


def _clause(node: Mapping) -> Clause:
    return Clause(
        **{name: _text(node.require(name)) for name in ("id", "section", "text")},
        requirements=_texts(node.require("requirements")),
        tests=_texts(node.require("tests")),
        **{name: _text(reason) for name in ("untested", "unbroken") if (reason := node.get(name))},
    )


def _texts(node: Node) -> tuple[str, ...]:
    if not isinstance(node, Sequence):
        raise node.place.error("must be a list")
    return tuple(_text(item) for item in node.items)


def _text(node: Node) -> str:
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value.strip():
        raise node.place.error("must be text")
    return node.value
