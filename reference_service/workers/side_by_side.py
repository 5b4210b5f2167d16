"""Several workers in one process, each on a thread of its own."""

import threading
import time
from collections.abc import Sequence
from typing import Protocol

GRACE_SECONDS = 8.0
_LOOK_SECONDS = 0.1


class Runs(Protocol):
    def run_forever(self) -> None: ...

    def cut_short(self) -> None: ...


def run_all(runners: Sequence[Runs], stop: threading.Event, grace: float = GRACE_SECONDS) -> int:
    """Run until `stop`; a round that has not ended `grace` seconds after it is cut short. Exit code 0."""
    threads = [threading.Thread(target=runner.run_forever) for runner in runners]
    for thread in threads:
        thread.start()
    _wait_for_stop(threads, stop)
    deadline = time.monotonic() + grace
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    for runner, thread in zip(runners, threads, strict=True):
        if thread.is_alive():
            runner.cut_short()
    for thread in threads:
        thread.join()
    return 0


def _wait_for_stop(threads: Sequence[threading.Thread], stop: threading.Event) -> None:
    # Signal handlers run on this thread and set `stop`; waiting for it here could hold the lock they need.
    while not stop.is_set() and any(thread.is_alive() for thread in threads):
        time.sleep(_LOOK_SECONDS)
