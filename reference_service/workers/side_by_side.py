"""Several workers in one process, each on a thread of its own."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Ending:
    """Seconds after the stop: when rounds are cut short, and when those that go on all the same are left."""

    cut: float = 7.0
    leave: float = 9.5


ENDING = Ending()


@dataclass(frozen=True, slots=True)
class Work:
    """`run` returns soon after the stop, or after `cut_short`, which another thread calls."""

    run: Callable[[], None]
    cut_short: Callable[[], None]


def run_all(works: Sequence[Work], stop: threading.Event, ending: Ending = ENDING) -> bool:
    """Run until all have ended, which a stop gives them little time for; whether they have."""
    threads = [threading.Thread(target=work.run, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    _wait_for_stop(threads, stop)
    stopped = time.monotonic()
    _join(threads, stopped + ending.cut)
    for work, thread in zip(works, threads, strict=True):
        if thread.is_alive():
            work.cut_short()
    _join(threads, stopped + ending.leave)
    return not any(thread.is_alive() for thread in threads)


def _join(threads: Sequence[threading.Thread], deadline: float) -> None:
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def _wait_for_stop(threads: Sequence[threading.Thread], stop: threading.Event) -> None:
    # Signal handlers run on this thread and set `stop`; waiting for it here could hold the lock they need.
    while not stop.is_set() and any(thread.is_alive() for thread in threads):
        time.sleep(_LOOK_SECONDS)
