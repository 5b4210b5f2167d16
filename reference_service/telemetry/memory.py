"""Resident memory, by the name that Prometheus's own clients give it; the checklist asks for its drift."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

_PARENT, _RESIDENT = 1, 21  # of the fields of /proc/PID/stat after the name


class ResidentMemory(Collector):
    """One figure for all the processes that `pids` yields; none where the system does not tell it."""

    def __init__(self, pids: Callable[[], Iterable[int]]) -> None:
        self._pids = pids

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily("process_resident_memory_bytes", "Memory that the processes hold")
        pages = [int(fields[_RESIDENT]) for pid in self._pids() if (fields := _stat(pid))]
        if pages:
            family.add_metric([], sum(pages) * os.sysconf("SC_PAGE_SIZE"))
        yield family


def own_process() -> Iterable[int]:
    return (os.getpid(),)


def processes_sharing(folder: Path) -> Iterator[int]:
    """Those that live: a dead one's files stay, and its number may be another's by now."""
    for pid in {int(path.stem.rpartition("_")[2]) for path in folder.glob("*_*.db")}:
        fields = _stat(pid)
        if fields and int(fields[_PARENT]) == os.getppid():
            yield pid


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
