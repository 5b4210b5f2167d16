"""What a console looks like to whoever uses it: its controls by role and name, written in one file."""

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.documents import Mapping, Node, Scalar, Sequence, read_document, suggestion

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

OURS = Path(__file__).with_name("console.yaml")
_CONTROLS = ("search", "count", "card", "title", "more", "loading", "problem", "retry")
_ROLES = (
    "alert", "article", "button", "checkbox", "combobox", "gridcell", "heading", "link", "listbox",
    "listitem", "option", "progressbar", "radio", "region", "row", "searchbox", "slider", "spinbutton",
    "status", "switch", "tab", "textbox",
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PLACEHOLDERS = ("word", "category", "tag")


@dataclass(frozen=True, slots=True)
class Control:
    """One control; an empty name or text stands for any, one between slashes is a pattern."""

    role: str
    name: str = ""
    text: str = ""

    def locate(self, within: "Page | Locator", **values: str) -> "Locator":
        """It, with `{placeholders}` in its name filled in."""
        role: Any = self.role  # one of playwright's literals, as it was read
        named: dict[str, Any] = {"name": _wanted(self.name, values), "exact": True} if self.name else {}
        found = within.get_by_role(role, **named)
        return found.filter(has_text=_wanted(self.text, values)) if self.text else found


@dataclass(frozen=True, slots=True)
class Filter:
    """What narrows or orders the list; `choices`: what is given to the control, and asked of the API then."""

    parameter: str
    control: Control
    choices: MappingOf[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolePage:
    """A console; `searches` is a glob of the addresses at which it asks for vendors."""

    searches: str
    search: Control
    count: Control
    card: Control
    title: Control
    more: Control
    loading: Control
    problem: Control
    retry: Control
    filters: tuple[Filter, ...]


def read_console_page(path: Path) -> ConsolePage:
    """Raises DocumentError, with file, line, column and a suggestion."""
    page = _mapping(read_document(path))
    page.only(("searches", *_CONTROLS, "filters"))
    return ConsolePage(
        searches=_text(page.require("searches")),
        filters=tuple(_filter(node) for node in _sequence(page.require("filters")).items),
        **{name: _control(_mapping(page.require(name)), ("role", "name", "text")) for name in _CONTROLS},
    )


def filled(text: str, values: MappingOf[str, str]) -> str:
    """The text with its `{placeholders}` filled in."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def _filter(node: Node) -> Filter:
    mapping = _mapping(node)
    control = _control(mapping, ("parameter", "role", "name", "text", "choices"))
    choices = _mapping(mapping.require("choices"))
    if not choices.entries:
        raise choices.place.error(
            "has no choice", hint="add what is given to the control: what is asked then"
        )
    for given, asked in choices.entries.items():
        for name in _PLACEHOLDER.findall(given + _text(asked)):
            if name not in _PLACEHOLDERS:
                raise choices.key_places[given].error(
                    f"{{{name}}} is not known of a target", hint=suggestion(name, _PLACEHOLDERS)
                )
    return Filter(
        _text(mapping.require("parameter")),
        control,
        {given: _text(asked) for given, asked in choices.entries.items()},
    )


def _control(mapping: Mapping, known: tuple[str, ...]) -> Control:
    mapping.only(known)
    role = mapping.require("role")
    if _text(role) not in _ROLES:
        raise role.place.error(
            f"{_text(role)!r} is no role of a control", hint=suggestion(_text(role), _ROLES)
        )
    told = {key: _pattern_or_text(mapping.entries[key]) for key in ("name", "text") if key in mapping}
    return Control(_text(role), **told)


def _pattern_or_text(node: Node) -> str:
    value = _text(node)
    if pattern := _between_slashes(value):
        try:
            re.compile(_PLACEHOLDER.sub("", pattern))
        except re.error as error:
            raise node.place.error(f"is not a pattern: {error}") from None
    return value


def _wanted(told: str, values: MappingOf[str, str]) -> "str | re.Pattern[str]":
    pattern = _between_slashes(told)
    if pattern is None:
        return filled(told, values)
    return re.compile(filled(pattern, {name: re.escape(value) for name, value in values.items()}))


def _between_slashes(told: str) -> str | None:
    return told[1:-1] if len(told) > 2 and told[0] == told[-1] == "/" else None


def _text(node: Node) -> str:
    if not isinstance(node, Scalar) or node.value is None or not node.text.strip():
        raise node.place.error("must be text")
    return node.text.strip()


def _mapping(node: Node) -> Mapping:
    if not isinstance(node, Mapping):
        raise node.place.error("must be a mapping of keys")
    return node


def _sequence(node: Node) -> Sequence:
    if not isinstance(node, Sequence):
        raise node.place.error("must be a list")
    return node
