"""What the checks read in a Markdown document: blocks, headings, links, tables, code."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_OUTPUTS = ("text", "json")
PROGRAMS = ("sh", "python")


def documents() -> list[Path]:
    """Every document of the project."""
    docs = ROOT / "docs"
    return [*sorted(ROOT.glob("*.md")), *sorted(docs.rglob("*.md")), ROOT / "reference_service/sdk/README.md"]


@dataclass(frozen=True)
class Block:
    """A program of a document; `printed` is None where no output is shown directly after it."""

    line: int
    language: str
    code: str
    printed: str | None

    @property
    def lasts(self) -> bool:
        """Whether it runs beside what follows, in a terminal of its own."""
        return "# until Ctrl-C" in self.code


def blocks(text: str) -> list[Block]:
    found = list(_FENCE.finditer(text))
    return [
        Block(text.count("\n", 0, block.start()) + 2, block[1], block[2], _printed(text, block, after))
        for block, after in zip(found, [*found[1:], None], strict=True)
        if block[1] in PROGRAMS
    ]


def _printed(text: str, block: re.Match[str], after: re.Match[str] | None) -> str | None:
    if after is None or after[1] not in _OUTPUTS or text[block.end() : after.start()].strip():
        return None
    return after[2]


def as_shown(shown: str, printed: str) -> bool:
    """Whether that was printed; `…` stands for anything, however long."""
    pattern = ".*?".join(map(re.escape, shown.strip().split("…")))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def prose(text: str) -> str:
    """The text without its blocks."""
    return _FENCE.sub("", text)


def code_lines(text: str) -> list[str]:
    """Every line that a document shows as code: in a fence, indented by four, or within a sentence."""
    joined = text.replace("\\\n", " ")
    fenced = [line for found in _FENCE.finditer(joined) for line in found[2].splitlines()]
    rest = prose(joined)
    return [*fenced, *re.findall(r"^    (.+)$", rest, re.MULTILINE), *re.findall(r"`([^`\n]+)`", rest)]


def links(text: str) -> list[str]:
    return _LINK.findall(prose(text))


def anchors(text: str) -> set[str]:
    """What GitHub and the site call the headings."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE):
        name = re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")
        found.add(name)
    return found


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{level}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise LookupError(f"no heading {heading!r}")
    return found[1]


def column(text: str, number: int) -> list[str]:
    """What stands in code in that column of a section's tables."""
    return [name for row in rows(text) for name in re.findall(r"`([^`]+)`", row[number])]


def rows(text: str) -> list[list[str]]:
    """The cells of a section's one table, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [line.strip("|").split("|") for line in lines[2:]]
