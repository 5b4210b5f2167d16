"""Waiting for what other processes do."""

import time
from collections.abc import Callable

SECONDS = 60  # far beyond what anything here takes


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)
