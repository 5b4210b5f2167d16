"""Threads for calls that may hang: no exit waits for them, as it does for those of an executor."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TypeVar

T = TypeVar("T")


class DaemonThreads:
    """Runs calls on at most so many threads, which are started as they are needed."""

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._started = 0
        self._idle = Semaphore(0)
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """From one thread at a time; a call whose future is cancelled before its turn is not made."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(call())
            except BaseException as error:  # whoever waits must be told, whatever it is
                future.set_exception(error)

        self._calls.put(run)
        if not self._idle.acquire(blocking=False) and self._started < self._most:
            self._started += 1
            Thread(target=self._serve, name=self._name, daemon=True).start()
        return future

    def close(self) -> None:
        """Have the threads end, each when its call has returned."""
        for _ in range(self._started):
            self._calls.put(None)

    def _serve(self) -> None:
        while run := self._calls.get():
            run()
            self._idle.release()
