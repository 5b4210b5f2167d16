"""Run folders: `.runs/<id>/`, one a run; old ones are pruned, never one in use or that a release needs."""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.errors import CouldNotDecideError, UsageError
from harness.journal import read_about
from harness.load_result import LoadResult, Mode, load_results

ATTESTATION = "attestation.dsse.json"
_LOCK = "lock"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


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
        """Make a new folder and prune as `prune` does, itself among the newest `keep`.

        Raises UsageError for a name that is no folder's, where it exists already or cannot be written.
        """
        if run_id is not None and not _NAME.fullmatch(run_id):
            raise UsageError(f"{run_id!r} cannot name a run", hint="use up to 64 letters, digits, . _ and -")
        path = (runs_dir / (run_id or _new_id())).absolute()
        try:
            runs_dir.mkdir(parents=True, exist_ok=True)
            with _alone(runs_dir):
                lock = _hold_new(path)
                prune(runs_dir, keep=keep)
        except OSError as error:
            raise UsageError(
                f"{runs_dir} is not writable ({error.strerror})",
                hint="set LAUNCHKIT_RUNS_DIR or make it writable",
            ) from None
        return cls(path, lock)

    @classmethod
    def reopen(cls, path: Path) -> Self:
        """Take the folder of a run that was cut off. Raises UsageError where a living process holds it."""
        try:
            lock = os.open(path / _LOCK, os.O_CREAT | os.O_RDWR, 0o644)
        except OSError as error:
            raise UsageError(f"{path} cannot be written ({error.strerror})") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise UsageError(f"{path} is in use", hint="wait until its run ends") from None
        return cls(path, lock)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._lock)


def _hold_new(path: Path) -> int:
    try:
        path.mkdir(mode=0o755)
    except FileExistsError:
        raise UsageError(f"{path} exists already", hint="choose another run id") from None
    lock = os.open(path / _LOCK, os.O_CREAT | os.O_RDWR, 0o644)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


@contextmanager
def _alone(runs_dir: Path) -> Iterator[None]:
    """Let no other launch prune between the making of a folder and the taking of its lock."""
    folder = os.open(runs_dir, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def prune(runs_dir: Path, *, keep: int) -> None:
    """Remove all but the newest `keep` folders, those that a process holds and those that a release needs.

    A release needs what was attested, and the newest full-length load run of each scenario and target.
    """
    made = {path.parent: path.stat().st_mtime_ns for path in runs_dir.glob(f"*/{_LOCK}")}
    old = sorted(made, key=lambda path: (made[path], path.name), reverse=True)[keep:]
    needed = _newest_full_loads(made) if old else frozenset()
    for folder in old:
        if folder not in needed and not (folder / ATTESTATION).exists() and not is_held(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _newest_full_loads(folders: Iterable[Path]) -> frozenset[Path]:
    newest: dict[tuple[str, str, str], tuple[datetime, Path]] = {}
    for folder in folders:
        for result in _full_loads(folder):
            key = (result.target.name, result.target.base_url, result.scenario)
            newest[key] = max(newest.get(key, (result.started_at, folder)), (result.started_at, folder))
    return frozenset(folder for _, folder in newest.values())


def _full_loads(folder: Path) -> tuple[LoadResult, ...]:
    """Those of a release; what cannot be read is needed by nobody."""
    try:
        if read_about(folder).rehearsal:
            return ()
        return tuple(result for result in load_results(folder) if result.mode is Mode.FULL)
    except CouldNotDecideError:
        return ()


def is_held(folder: Path) -> bool:
    """Whether a living process holds this run folder."""
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
