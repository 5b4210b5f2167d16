"""Reads a page back, as a browser would, with the standard library's parser."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "br", "hr", "img", "input"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, name: str = "", *, of_class: str = "") -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                if (not name or child.name == name) and (not of_class or of_class in child.classes):
                    yield child
                yield from child.all(name, of_class=of_class)

    def by_id(self, wanted: str) -> "Element":
        return next(element for element in self.all() if element.attributes.get("id") == wanted)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self._open = [self.root]
        self.unclosed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1].name != tag:
            self.unclosed.append(f"</{tag}> closes <{self._open[-1].name}>")
        if len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse(html: str) -> Element:
    """The page as a tree; fails where an element is closed out of order."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert parser.unclosed == []
    return parser.root
