"""Evidence that other steps left: in this run, else in an earlier one of the same release and target."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from harness.errors import LaunchkitError
from harness.evidence import Source
from harness.journal import Entry, Record, Subject, follow, read_journal
from harness.load_result import FOLDER as LOADS
from harness.load_result import LoadResult, Mode, load_results, read_load_result
from harness.target import Target


def contract_entries(run_folder: Path, target: Target) -> tuple[Entry, ...]:
    """The newest contract results there are for this release and target; none where there are none.

    Raises JournalError where this run's own journal cannot be read.
    """
    own = tuple(entry for entry in follow(run_folder) if entry.source is Source.CONTRACT)
    if own:
        return own
    for record in _finished_runs(run_folder):
        entries = record.of(Source.CONTRACT)
        if entries and _same(record.header.about.subject, target):
            return entries
    return ()


def load_entries(run_folder: Path, target: Target) -> tuple[Entry, ...]:
    """What every load run for this release and target found, this run's own among them.

    Raises JournalError where this run's own journal cannot be read.
    """
    own = tuple(entry for entry in follow(run_folder) if entry.source is Source.LOAD)
    others = [
        entry
        for record in _finished_runs(run_folder)
        if _same(record.header.about.subject, target)
        for entry in record.of(Source.LOAD)
    ]
    return (*own, *others)


def newest_load(run_folder: Path, target: Target, scenario: str) -> LoadResult | None:
    """The newest full-length run of a scenario for this release and target, else this run's shortened one."""
    own = [result for result in load_results(run_folder) if result.scenario == scenario]
    others = [
        result
        for record in _finished_runs(run_folder)
        if _same(record.header.about.subject, target)
        for result in _vouched(record)
        if result.scenario == scenario and _same(result.target, target)
    ]
    full = [result for result in (*own, *others) if result.mode is Mode.FULL]
    candidates = full or own
    return max(candidates, key=lambda result: result.started_at, default=None)


def _same(subject: Subject | None, target: Target) -> bool:
    """Whether evidence about the subject speaks for the target; without a commit nothing can be said."""
    if subject is None or target.release.commit is None:
        return False
    theirs = (subject.name, subject.base_url, subject.commit)
    return theirs == (target.name, target.base_url, target.release.commit)


def _others(run_folder: Path) -> list[Path]:
    if not run_folder.parent.is_dir():
        return []
    folders = [path for path in run_folder.parent.iterdir() if path.is_dir() and path != run_folder]
    return sorted(folders, reverse=True)


def _vouched(record: Record) -> Iterator[LoadResult]:
    """The results whose digests are in the run's journal; one that was altered since says nothing."""
    kept = [entry.evidence.get("whole_result") for entry in record.of(Source.LOAD)]
    digests = {whole.get("sha256") for whole in kept if isinstance(whole, dict)}
    for path in sorted((record.folder / LOADS).glob("*.json")):
        if hashlib.sha256(path.read_bytes()).hexdigest() in digests:
            yield read_load_result(path)


def _finished_runs(run_folder: Path) -> Iterator[Record]:
    for folder in _others(run_folder):
        try:
            record = read_journal(folder)
        except LaunchkitError:
            continue  # an old run that was cut short says nothing
        if record.footer.outcome == "complete":
            yield record
