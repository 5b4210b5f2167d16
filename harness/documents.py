"""YAML files that people write, read with the place of every key, so that a mistake can be pointed at."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import yaml

from harness.errors import DocumentError

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

_MOST_LISTED = 20
MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file a value stands; line and column count from 1."""

    path: Path
    line: int
    column: int

    def error(self, message: str, *, hint: str = "") -> DocumentError:
        return DocumentError(self.path, self.line, self.column, message, hint=hint)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A null, bool, number or text. `text` is as written, whatever its type."""

    value: bool | int | float | str | None
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    items: "tuple[Node, ...]"
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order of the file; `key_places` says where each key itself stands."""

    entries: "dict[str, Node]"
    key_places: dict[str, Place]
    place: Place

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def get(self, key: str) -> "Node | None":
        return self.entries.get(key)

    def only(self, known: Iterable[str], *, what: str = "key") -> None:
        """Refuse keys that are not known, with a suggestion. Raises DocumentError."""
        names = list(known)
        for key in self.entries:
            if key not in names:
                raise self.key_places[key].error(f"unknown {what} {key!r}", hint=suggestion(key, names))

    def require(self, key: str) -> "Node":
        node = self.entries.get(key)
        if node is None:
            raise self.place.error(f"{key!r} is missing", hint=f"add {key}: …")
        return node


Node: TypeAlias = Scalar | Sequence | Mapping


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant, else what is known: the nearest where that is a long list."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    more = max(0, len(names) - _MOST_LISTED)
    shown = difflib.get_close_matches(word, names, n=_MOST_LISTED, cutoff=0) if more else names
    return "known: " + ", ".join(shown) + (f" and {more} more" if more else "")


def read_document(path: Path) -> Node:
    """Read one YAML document.

    Raises DocumentError for a file that cannot be read, is too large or too deep, is not YAML, has a
    duplicate key, a key that is not text, or an alias (none is needed, and they can explode).
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DocumentError(path, 1, 1, f"cannot be read ({error.strerror})", hint="check the path") from None
    if len(raw) > MAX_BYTES:
        raise DocumentError(path, 1, 1, f"is larger than {MAX_BYTES} bytes")
    try:
        return parse_document(raw.decode("utf-8"), path)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DocumentError(path, line, 1, "is not UTF-8") from None


def parse_document(text: str, path: Path) -> Node:
    """Parse one YAML document; `path` only names it in errors."""
    try:
        loader = yaml.SafeLoader(text)
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise place.error(f"is not YAML: the character {error.character:#06x} is not allowed") from None
    try:
        _refuse_aliases_and_depth(text, path)
        root = loader.get_single_node()
        if root is None:
            raise DocumentError(path, 1, 1, "is empty")
        return _convert(root, loader, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise DocumentError(path, line, column, f"is not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise DocumentError(path, 1, 1, f"is not YAML: {error}") from None
    finally:
        loader.dispose()


def _refuse_aliases_and_depth(text: str, path: Path) -> None:
    """While it is read, event by event: reading all of what is very deep takes hours."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _place(event.start_mark, path).error("aliases are not supported here")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _place(event.start_mark, path).error("is nested too deeply")


def plain(node: Node) -> Plain:
    """The value without its places."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key: plain(value) for key, value in node.entries.items()}


class _Mark(Protocol):
    line: int
    column: int


def _place(mark: _Mark | None, path: Path) -> Place:
    if mark is None:
        return Place(path, 1, 1)
    return Place(path, mark.line + 1, mark.column + 1)


def _convert(node: yaml.Node, loader: yaml.SafeLoader, path: Path) -> Node:
    place = _place(node.start_mark, path)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(tuple(_convert(n, loader, path) for n in node.value), place)
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Node] = {}
        key_places: dict[str, Place] = {}
        for key_node, value_node in node.value:
            key_place = _place(key_node.start_mark, path)
            if not isinstance(key_node, yaml.ScalarNode):
                raise key_place.error("a key must be text")
            key = str(key_node.value)
            if key in entries:
                raise key_place.error(f"{key!r} is given twice", hint="keep one of them")
            entries[key] = _convert(value_node, loader, path)
            key_places[key] = key_place
        return Mapping(entries, key_places, place)
    return _scalar(node, loader, place)


def _scalar(node: yaml.Node, loader: yaml.SafeLoader, place: Place) -> Scalar:
    text = str(node.value)
    # Dates stay text: YAML would turn them into objects that lose their time zone.
    if node.tag == "tag:yaml.org,2002:timestamp":
        return Scalar(text, text, place)
    try:
        value = loader.construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        raise place.error(f"cannot be read: {error}") from None
    if value is not None and not isinstance(value, bool | int | float | str):
        raise place.error("is not a plain value")
    return Scalar(value, text, place)
