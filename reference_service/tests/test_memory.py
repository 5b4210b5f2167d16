"""How much memory the service tells of."""

import os
import subprocess
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry

from reference_service.telemetry.memory import ResidentMemory, own_process, processes_sharing

NAME = "process_resident_memory_bytes"


def told(*collectors: ResidentMemory) -> list[float | None]:
    found = []
    for collector in collectors:
        registry = CollectorRegistry()
        registry.register(collector)
        found.append(registry.get_sample_value(NAME))
    return found


def test_what_a_process_holds_is_told() -> None:
    before, held = told(ResidentMemory(own_process))[0], bytearray(64 << 20)
    (after,) = told(ResidentMemory(own_process))
    assert before is not None
    assert after is not None
    assert after - before > len(held) / 2


def test_nothing_is_told_of_processes_that_are_gone() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    both = ResidentMemory(lambda: (os.getpid(), gone.pid))
    assert told(ResidentMemory(lambda: (gone.pid,))) == [None]
    assert told(both)[0] is not None


def test_those_that_share_a_folder_are_brothers(tmp_path: Path) -> None:
    """A number in the folder may be another process's by now."""
    for pid in (os.getpid(), os.getppid()):
        for kind in ("counter", "histogram"):
            (tmp_path / f"{kind}_{pid}.db").touch()
    assert list(processes_sharing(tmp_path)) == [os.getpid()]
