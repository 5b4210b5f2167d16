"""The texts that a launch is decided with: known issues and the rollback plan, as the checklist kept them."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.evidence import Json, Source
from harness.journal import Entry, Record
from reports.items import item_anchor
from reports.text import shown

SUBJECTS = (("NOTE-01", "Known issues"), ("NOTE-02", "Rollback plan"))
_LONGEST = 6000  # characters shown of each


@dataclass(frozen=True, slots=True)
class Note:
    """`text` is empty where nothing was kept; `anchor` is the row of the item that kept it."""

    title: str
    text: str = ""
    anchor: str = ""
    status: str = ""


def notes_of(record: Record, folders: Iterable[Path]) -> tuple[Note, ...]:
    """One of each subject; a kept file that is not what the journal says is left out."""
    return tuple(_note(requirement, title, record, tuple(folders)) for requirement, title in SUBJECTS)


def _note(requirement: str, title: str, record: Record, folders: tuple[Path, ...]) -> Note:
    for entry in record.of(Source.CHECKLIST):
        if requirement in entry.requirements and entry.evidence.get("kind") == "file":
            text = next(_texts(entry, folders), "")
            return Note(title, shown(text, _LONGEST), item_anchor(entry.source, entry.id), str(entry.status))
    return Note(title)


def _texts(entry: Entry, folders: tuple[Path, ...]) -> Iterator[str]:
    whole = entry.evidence.get("whole_output")
    if isinstance(whole, dict):
        for folder in folders:
            yield from _kept(whole, folder.resolve())
    output = entry.evidence.get("output")
    if isinstance(output, str):
        yield output


def _kept(whole: dict[str, Json], folder: Path) -> Iterator[str]:
    try:
        path = (folder / str(whole.get("file"))).resolve()
        content = path.read_bytes() if path.is_relative_to(folder) else b""
    except (OSError, ValueError):
        return
    if content and hashlib.sha256(content).hexdigest() == whole.get("sha256"):
        yield content.decode("utf-8", "replace")
