"""What can go wrong with a child process."""

from pathlib import Path

from harness.errors import CouldNotDecideError


class StartError(CouldNotDecideError):
    """A process did not start, did not get ready, or died."""


def tail(log: Path, lines: int = 1) -> str:
    """The last lines of a log that say something, in one line; empty where there are none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    said = [line.strip() for line in text.splitlines() if line.strip()]
    return " | ".join(said[-lines:])[-500:]
