"""Which runs to ask what they have shown: the newest finished one of each command, or those given."""

from collections.abc import Sequence
from pathlib import Path

from harness.errors import LaunchkitError
from harness.journal import FILE_NAME, Record, read_about, read_journal

_COMMANDS = ("launch", "contract", "check", "load", "faults")


def chosen_runs(given: Sequence[Path], runs_dir: Path) -> tuple[Record, ...]:
    """Raises JournalError for a given run that is not whole; of those in `runs_dir` such are passed over."""
    if given:
        return tuple(read_journal(folder) for folder in given)
    found: dict[str, Record] = {}
    newest_first = sorted(runs_dir.glob(f"*/{FILE_NAME}"), key=lambda path: -path.stat().st_mtime_ns)
    for path in newest_first:
        record = _record(path.parent, wanted=set(_COMMANDS) - found.keys())
        if record is not None:
            found[record.header.about.command] = record
    return tuple(found[command] for command in _COMMANDS if command in found)


def _record(folder: Path, *, wanted: set[str]) -> Record | None:
    try:
        return read_journal(folder) if read_about(folder).command in wanted else None
    except LaunchkitError:
        return None
