"""Run folders: `.runs/<id>/`, one a run; old ones are pruned, never one in use."""

import fcntl
import os
import secrets
import shutil
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.errors import UsageError

_LOCK = "lock"


class RunFolder(AbstractContextManager["RunFolder"]):
    """A folder that this process holds until it leaves the context, or dies."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    @property
    def id(self) -> str:
        return self.path.name

    @classmethod
    def create(cls, runs_dir: Path, *, keep: int, run_id: str | None = None) -> Self:
        """Make a new folder and prune all but the newest `keep` others.

        Raises UsageError where it exists already or cannot be written.
        """
        path = (runs_dir / (run_id or _new_id())).absolute()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir(mode=0o755)
            lock = os.open(path / _LOCK, os.O_CREAT | os.O_RDWR, 0o644)
        except FileExistsError:
            raise UsageError(f"{path} exists already", hint="choose another run id") from None
        except OSError as error:
            raise UsageError(
                f"{runs_dir} is not writable ({error.strerror})",
                hint="set LAUNCHKIT_RUNS_DIR or make it writable",
            ) from None
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock, False)
        prune(path.parent, keep=keep)
        return cls(path, lock)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._lock)


def prune(runs_dir: Path, *, keep: int) -> None:
    """Remove the oldest folders that no process holds until `keep` are left."""
    folders = sorted((p for p in runs_dir.iterdir() if (p / _LOCK).is_file()), reverse=True)
    for folder in folders[keep:]:
        if not _held(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _held(folder: Path) -> bool:
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def _new_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
