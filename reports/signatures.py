"""Whether the signatures that a run was decided with are still all in the file that they are from."""

from collections.abc import Iterator
from pathlib import Path

from harness.evidence import Source
from harness.journal import Record

_KEY = "signatures"  # in the evidence of what a person decides: path, file, sha256


def find_signatures(record: Record) -> dict[Path, str]:
    """Where the signatures were read from, and where the run keeps them, relative to its folder."""
    return dict(_found(record))


def _found(record: Record) -> Iterator[tuple[Path, str]]:
    for entry in record.of(Source.CHECKLIST):
        kept = entry.evidence.get(_KEY)
        if isinstance(kept, dict):
            path, file = kept.get("path"), kept.get("file")
            if isinstance(path, str) and isinstance(file, str) and path:
                yield Path(path), file


def missing_since(kept: bytes, now: bytes) -> str:
    """What became of the lines: a file that only grew still begins with them; empty where it does."""
    if now.startswith(kept):
        return ""
    lines, left = kept.count(b"\n"), now.count(b"\n")
    if kept.startswith(now):
        return f"{lines - left} of the {lines} lines that the run was decided with are missing at its end"
    return f"the {lines} lines that the run was decided with are not those at its beginning any more"
