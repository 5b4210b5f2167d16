"""What the target's processes use while it is loaded: sampled from outside, children included."""

from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import psutil

from harness.load_result import ProcessSample
from harness.target import ProcessRef

_VMSTAT = Path("/proc/vmstat")
_Identity: TypeAlias = tuple[int, float]  # numbers are reused; a number and a start time are not


class Sampler:
    """Follows the profile's processes; one that any sample saw and that is gone counts as a restart."""

    def __init__(self, refs: Iterable[ProcessRef], begin: float) -> None:
        self._refs = tuple(refs)
        self._begin = begin
        self._known: dict[_Identity, psutil.Process] = {}
        self._seen: set[_Identity] = set()

    def sample(self) -> ProcessSample | None:
        """None until a process that the profile names lives."""
        # The old objects are kept: psutil measures CPU from one look at an object to the next.
        found = {identity: process for ref in self._refs for identity, process in _family(ref)}
        self._known = {identity: self._known.get(identity, process) for identity, process in found.items()}
        self._seen.update(self._known)
        if not self._seen:
            return None
        usages = [usage for process in self._known.values() if (usage := _usage(process))]
        return ProcessSample(
            t=round(monotonic() - self._begin, 3),
            processes=len(usages),
            cpu=round(sum(usage[0] for usage in usages), 3),
            rss=sum(usage[1] for usage in usages),
            fds=sum(usage[2] for usage in usages),
            threads=sum(usage[3] for usage in usages),
            restarts=len(self._seen - self._known.keys()),
        )


def out_of_memory_kills() -> int | None:
    """How many processes this machine's kernel has killed for memory; None where it does not say."""
    try:
        lines = _VMSTAT.read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), None)


def _family(ref: ProcessRef) -> list[tuple[_Identity, psutil.Process]]:
    try:
        pid = ref.pid if ref.pidfile is None else int(ref.pidfile.read_text().split()[0])
        parent = psutil.Process(pid)
        members = [parent, *parent.children(recursive=True)]
    except (OSError, ValueError, IndexError, psutil.Error):
        return []
    return [(identity, process) for process in members if (identity := _identity(process))]


def _identity(process: psutil.Process) -> _Identity | None:
    """None where the process has ended, though nobody may have asked after it yet."""
    try:
        return None if process.status() == psutil.STATUS_ZOMBIE else (process.pid, process.create_time())
    except psutil.Error:
        return None


def _usage(process: psutil.Process) -> tuple[float, int, int, int] | None:
    """CPU in cores since the last look, resident bytes, open files, threads."""
    try:
        with process.oneshot():
            return (
                process.cpu_percent(None) / 100,
                process.memory_info().rss,
                _open_files(process),
                process.num_threads(),
            )
    except psutil.Error:
        return None


def _open_files(process: psutil.Process) -> int:
    try:
        return int(process.num_fds())
    except psutil.AccessDenied:
        return 0
