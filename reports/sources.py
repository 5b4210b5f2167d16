"""The runs that a report in a folder of its own rests on: copied into it, found in it again."""

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from harness.dashboard_result import FILE_NAME as DASHBOARD
from harness.errors import UsageError
from harness.journal import FILE_NAME as JOURNAL
from harness.journal import Record, read_journal
from harness.load_result import FOLDER as LOADS
from reports.items import find_files, is_linkable
from reports.merge import merge

FOLDER = "runs"


class SourceRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run by its name; `digest` is the SHA-256 of its journal."""

    run: str
    digest: str


def source_of(record: Record) -> SourceRun:
    return SourceRun(run=record.header.about.run, digest=record.digest)


def place_of(source: SourceRun) -> str:
    """Where its copy lies, relative to the report; two journals never share a place."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", source.run).strip(".-")[:64]
    return f"{FOLDER}/{name}-{source.digest[:12]}"


def copy_sources(target: Path, records: Sequence[Record]) -> tuple[SourceRun, ...]:
    """Copy each run's journal, its evidence, load results and dashboard. Raises UsageError.

    What a run has lost or had altered is copied as it is: `verify` tells.
    """
    for record in records:
        _copy(record, target, _files(record))
    return tuple(source_of(record) for record in records)


def copy_journal(target: Path, record: Record) -> None:
    """Of a run that is only compared with. Raises UsageError."""
    _copy(record, target, (JOURNAL,))


def _copy(record: Record, target: Path, files: Iterable[str]) -> None:
    place = target / place_of(source_of(record))
    for file in files:
        try:
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(record.folder / file, place / file)
        except OSError as error:
            raise UsageError(f"{place / file} cannot be written ({error.strerror})") from None


def links_of(record: Record, sources: Sequence[Record]) -> dict[str, str]:
    """From the report to each file that an observation names. Raises UsageError where two runs differ."""
    places = {
        named: f"{place_of(source_of(source))}/{named[0]}"
        for source in sources
        for entry in source.entries
        for named in find_files(entry.evidence).items()
    }
    found: dict[str, str] = {}
    for entry in record.entries:
        for named in find_files(entry.evidence).items():
            link = places[named]
            if found.setdefault(named[0], link) != link:
                raise UsageError(f"two runs keep different files as {named[0]}", hint="report on each alone")
    return found


def read_sources(folder: Path, sources: Sequence[SourceRun]) -> Record:
    """What a report rests on: its runs, or the run in whose folder it lies. Raises JournalError."""
    if not sources:
        return read_journal(folder)
    return merge([read_journal(folder / place_of(source)) for source in sources])


def _files(record: Record) -> Iterator[str]:
    """Relative to the run's folder; what leads out of it is left where it is."""
    root = record.folder.resolve()
    kept = {file for entry in record.entries for file in find_files(entry.evidence) if is_linkable(file)}
    loads = {f"{LOADS}/{path.name}" for path in (root / LOADS).glob("*.json")}
    for file in sorted({JOURNAL, DASHBOARD, *kept, *loads}):
        path = (root / file).resolve()
        if path.is_relative_to(root) and path.is_file():
            yield file
