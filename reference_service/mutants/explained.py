"""The mutants that the contract suite cannot notice, each with why, from a file beside this one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from reference_service.mutants.applied import changed_line
from reference_service.mutants.mutant import Mutant

FILE = Path(__file__).with_name("explained.yaml")
_KEYS = ("becomes", "reason")


class ExplainedError(Exception):
    """The file is not as it should be; says where."""


@dataclass(frozen=True, slots=True)
class Explained:
    """`becomes` is the line that the mutant makes: by it one sees when the source has moved on."""

    mutant: Mutant
    becomes: str
    reason: str


def read_explained(
    path: Path = FILE, *, becomes: Callable[[Mutant], str | None] = changed_line
) -> Mapping[str, Explained]:
    """By the mutant's name. Raises ExplainedError for what is malformed, given twice, unknown or stale."""
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ExplainedError(f"{path}: cannot be read: {' '.join(str(error).split())}") from None
    if root is None:
        return {}
    found: dict[str, Explained] = {}
    for key, fields in _fields(root, path):
        name = _text(key, path)
        if name in found:
            raise _error(key, path, f"{name} is given twice")
        found[name] = _explained(key, fields, path, becomes)
    return found


def _explained(
    key: yaml.Node, fields: yaml.Node, path: Path, becomes: Callable[[Mutant], str | None]
) -> Explained:
    given: dict[str, str] = {}
    for name, value in _fields(fields, path):
        if (known := _text(name, path)) not in _KEYS or known in given:
            raise _error(name, path, f"{known} is not expected here; known: {', '.join(_KEYS)}, once each")
        given[known] = _text(value, path)
    if missing := [name for name in _KEYS if name not in given]:
        raise _error(key, path, f"{key.value} has no {missing[0]}")
    try:
        mutant = Mutant.named(key.value)
    except ValueError:
        raise _error(key, path, f"{key.value} is no mutant's name; it is FILE~CHANGE~NUMBER") from None
    if mutant.left_out:
        raise _error(key, path, f"{key.value} is not tried anyway: {mutant.left_out}")
    line = becomes(mutant)
    if line is None:
        raise _error(
            key, path, f"there is no mutant {key.value} any more; remove it, or name the one it is now"
        )
    if line != given["becomes"]:
        raise _error(
            key, path, f"{key.value} is another mutant now: it makes {line!r}, not {given['becomes']!r}"
        )
    return Explained(mutant, given["becomes"], given["reason"])


def _fields(node: yaml.Node, path: Path) -> list[tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise _error(node, path, "must be a mapping of mutants to {becomes, reason}")
    return list(node.value)


def _text(node: yaml.Node, path: Path) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise _error(node, path, "must be text")
    return str(node.value).strip()


def _error(node: yaml.Node, path: Path, problem: str) -> ExplainedError:
    return ExplainedError(f"{path}:{node.start_mark.line + 1}: {problem}")
