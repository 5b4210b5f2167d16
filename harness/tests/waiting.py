"""Waiting in tests: for a condition, with a deadline."""

import time
from collections.abc import Callable

import psutil

SOON = 5.0  # seconds; what is waited for takes a tenth of one, but the machine may be busy


def eventually(holds: Callable[[], bool], seen: Callable[[], object], *, seconds: float = SOON) -> None:
    """Poll until it holds; fail with what is seen instead."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, seen()
        time.sleep(0.01)


def runs(process: psutil.Process) -> bool:
    """Whether it still does anything: a zombie waits only for an init that may not care."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def runs_by_number(pid: int) -> bool:
    try:
        return runs(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False
