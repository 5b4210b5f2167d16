"""file: a document that must be there, and what it must say."""

import re
from dataclasses import dataclass
from pathlib import Path

from checklists import fields as read
from checklists import references
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
from checklists.units import Unit
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import Target

_MAX = 8 * 1024 * 1024
_UNFINISHED = re.compile(r"\b(TODO|TBD|FIXME|XXX)\b|lorem ipsum", re.IGNORECASE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class FileProbe:
    """A path relative to the checklist's folder."""

    path: str

    def asked(self, target: Target) -> str:
        return references.fill(self.path, target)

    def ask(self, context: Context) -> Answer | NoAnswer:
        name = self.asked(context.target)
        path = context.folder / name
        if not path.is_file():
            return NoAnswer(Status.ERROR, f"there is no {name}", f"write {name}")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CouldNotDecideError(f"{name} cannot be read ({error.strerror})") from None
        if len(content) > _MAX:
            raise CouldNotDecideError(f"{name} is larger than {_MAX} bytes")
        return _answer(path, content)


def _answer(path: Path, content: bytes) -> Answer:
    text = content.decode("utf-8", "replace")
    facts = Facts(
        words={
            "text": (text,),
            "size": (len(content),),
            "lines": (text.count("\n"),),
            "unfinished": (len(_UNFINISHED.findall(text)),),
            "broken_links": (len(_broken_links(path, text)),),
        }
    )
    return Answer(facts, output=content, details={"broken_links": _broken_links(path, text)})


def _broken_links(path: Path, text: str) -> list[str]:
    """Relative links of a Markdown document to files that are not there."""
    links = [link.partition("#")[0] for link in _LINK.findall(text) if "://" not in link]
    return [
        link
        for link in links
        if link and not link.startswith("mailto:") and not (path.parent / link).exists()
    ]


def _read(reading: Reading) -> FileProbe:
    return FileProbe(read.text(reading.node))


KIND = Kind(
    key="file",
    read=_read,
    vocabulary=Vocabulary(
        words={
            "text": Unit.TEXT,
            "size": Unit.SIZE,
            "lines": Unit.NUMBER,
            "unfinished": Unit.NUMBER,
            "broken_links": Unit.NUMBER,
        }
    ),
    idle=("hold",),  # what it reads is written once
)
