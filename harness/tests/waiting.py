"""Waiting in tests: for a condition, with a deadline."""

import time
from collections.abc import Callable

SOON = 5.0  # seconds; what is waited for takes a tenth of one, but the machine may be busy


def eventually(holds: Callable[[], bool], seen: Callable[[], object], *, seconds: float = SOON) -> None:
    """Poll until it holds; fail with what is seen instead."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, seen()
        time.sleep(0.01)
