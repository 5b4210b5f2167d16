"""A scratch folder that does not stay behind, not even of a process that was killed."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = "lock"


@contextmanager
def scratch_folder(name: str) -> Iterator[Path]:
    """An empty folder while the context lasts; such folders that nobody holds any more are removed first."""
    home = Path(tempfile.gettempdir())
    _sweep(home, name)
    unnamed = Path(tempfile.mkdtemp(prefix=f"new-{name}-"))
    with (unnamed / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Only a folder that is locked has a name that others look at.
        folder = unnamed.rename(home / unnamed.name.removeprefix("new-"))
        inner = folder / "files"
        inner.mkdir()
        try:
            yield inner
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(home: Path, name: str) -> None:
    for folder in home.glob(f"{name}-*"):
        try:
            with (folder / _LOCK).open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # held by a process that lives, or not ours
