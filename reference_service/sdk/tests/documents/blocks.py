"""The examples of a Markdown document, and what it says that they print."""

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROGRAMS = {"sh", "python", "javascript"}
_OUTPUTS = {"text", "json"}


@dataclass(frozen=True)
class Example:
    """`line` is where its code begins; `printed` is None where the document shows no output."""

    document: str
    line: int
    language: str
    code: str
    printed: str | None

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"


def examples(path: Path) -> list[Example]:
    """A block of output directly after a program is what that program prints."""
    text = path.read_text(encoding="utf-8")
    found = list(_FENCE.finditer(text))
    following = [*found[1:], None]
    return [
        Example(
            path.name, text.count("\n", 0, block.start()) + 2, block[1], block[2], _output(text, block, after)
        )
        for block, after in zip(found, following, strict=True)
        if block[1] in _PROGRAMS
    ]


def _output(text: str, block: re.Match[str], after: re.Match[str] | None) -> str | None:
    if after is None or after[1] not in _OUTPUTS or text[block.end() : after.start()].strip():
        return None
    return after[2]


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{level}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise LookupError(f"no heading {heading!r}")
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables' rows, heads left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rules = {number for number, line in enumerate(lines) if set(line) <= set("|- ")}
    heads = {number - 1 for number in rules}
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for number, line in enumerate(lines)
        if number not in rules | heads
    ]
