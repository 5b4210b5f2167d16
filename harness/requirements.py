"""The requirements that evidence speaks for, read from a file beside this one."""

from dataclasses import dataclass
from pathlib import Path

from harness.documents import Mapping, Scalar, Sequence, read_document

FILE = Path(__file__).with_name("requirements.yaml")


@dataclass(frozen=True, slots=True)
class Requirement:
    """`task` is the number of the brief's task, or `role` or `notes`."""

    id: str
    task: str
    text: str


def read_requirements(path: Path = FILE) -> tuple[Requirement, ...]:
    """All requirements in the order of the file. Raises DocumentError."""
    root = read_document(path)
    if not isinstance(root, Sequence):
        raise root.place.error("must be a list of requirements")
    found: dict[str, Requirement] = {}
    for node in root.items:
        if not isinstance(node, Mapping):
            raise node.place.error("must be {id, task, text}")
        node.only(("id", "task", "text"))
        requirement = Requirement(**{key: _text(node, key) for key in ("id", "task", "text")})
        if requirement.id in found:
            raise node.place.error(f"{requirement.id} is given twice")
        found[requirement.id] = requirement
    return tuple(found.values())


def _text(node: Mapping, key: str) -> str:
    value = node.require(key)
    if not isinstance(value, Scalar) or not isinstance(value.value, str):
        raise value.place.error(f"{key} must be text")
    return value.value
