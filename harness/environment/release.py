"""What the embedded reference is a release of: this project's version and commit."""

import subprocess
from importlib.metadata import version
from pathlib import Path

_GIT_SECONDS = 10


def current_version() -> str:
    return version("launchkit")


def current_commit(folder: Path = Path(__file__).parent) -> str | None:
    """The commit that is checked out where this code lies; None where that is no Git work tree."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(folder), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None if answer.returncode == 0 else None
