"""Several workers in one process, each on a thread of its own."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Ending:
    """Seconds after the stop: when rounds are cut short, and when those that go on all the same are left."""

    cut: float = 7.0
    leave: float = 9.5


ENDING = Ending()


class Runs(Protocol):
    def run_forever(self) -> None: ...

    def cut_short(self) -> None: ...


def run_all(runners: Sequence[Runs], stop: threading.Event, ending: Ending = ENDING) -> bool:
    """Run until `stop`, and then until the rounds have ended; whether they have."""
    threads = [threading.Thread(target=runner.run_forever, daemon=True) for runner in runners]
    for thread in threads:
        thread.start()
    _wait_for_stop(threads, stop)
    stopped = time.monotonic()
    _join(threads, stopped + ending.cut)
    for runner, thread in zip(runners, threads, strict=True):
        if thread.is_alive():
            runner.cut_short()
    _join(threads, stopped + ending.leave)
    return not any(thread.is_alive() for thread in threads)


def _join(threads: Sequence[threading.Thread], deadline: float) -> None:
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def _wait_for_stop(threads: Sequence[threading.Thread], stop: threading.Event) -> None:
    # Signal handlers run on this thread and set `stop`; waiting for it here could hold the lock they need.
    while not stop.is_set() and any(thread.is_alive() for thread in threads):
        time.sleep(_LOOK_SECONDS)
