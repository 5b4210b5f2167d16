"""Lets a caller that blocks wait for coroutines, which can be ended in time wherever they are."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import weakref
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class ClosedError(Exception):
    """The loop has ended, or ended while a result was awaited."""


class Waiting:
    """An event loop in a thread of its own, for any number of threads. It ends with `close` or with this."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=_serve, args=(self._loop,), name="machpay", daemon=True)
        thread.start()
        self._end = weakref.finalize(self, _end, self._loop, thread)

    def result(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        """What the coroutine returns or raises; an interrupt of the wait cancels it. Raises ClosedError."""
        with self._lock:  # nothing is handed over behind the back of a loop that stops
            if not self._end.alive:
                coroutine.close()
                raise ClosedError
            future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result()
        except concurrent.futures.CancelledError:
            raise ClosedError from None
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        with self._lock:
            self._end()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
        loop.run_until_complete(_cancelled(asyncio.all_tasks(loop)))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


async def _cancelled(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _end(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    loop.call_soon_threadsafe(loop.stop)
    if thread is not threading.current_thread():
        thread.join(1)
