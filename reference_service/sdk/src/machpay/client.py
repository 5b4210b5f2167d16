"""The blocking client: the asyncio one, waited for."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Coroutine, Iterator
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

from machpay import calls
from machpay.async_client import AsyncDiscoveryClient
from machpay.calls import Call
from machpay.connection import Setup, closed
from machpay.methods import presented
from machpay.models import SearchResult, VendorInfo
from machpay.paging import Walk
from machpay.waiting import ClosedError, Waiting

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _blocking(describe: Callable[_P, Call[_T]]) -> Callable[Concatenate[DiscoveryClient, _P], _T]:
    def method(self: DiscoveryClient, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return self.run(describe(*args, **kwargs))

    return presented(method, describe)


def _all_pages(
    describe: Callable[_P, Call[SearchResult]],
) -> Callable[Concatenate[DiscoveryClient, _P], Iterator[VendorInfo]]:
    def method(self: DiscoveryClient, /, *args: _P.args, **kwargs: _P.kwargs) -> Iterator[VendorInfo]:
        return self.each(describe(*args, **kwargs))

    return presented(method, describe, "iter_search")


class _Connected:
    """A client and the loop that it lives on, in this process."""

    def __init__(self, setup: Setup) -> None:
        self.process = os.getpid()
        self._client = AsyncDiscoveryClient(
            setup.base_url, setup.api_key, setup.timeout, max_retries=setup.max_retries
        )
        self._waiting = Waiting()

    def run(self, call: Call[_T]) -> _T:
        return self._result(self._client.run(call))

    def close(self) -> None:
        self._result(self._client.close())
        self._waiting.close()

    def _result(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        try:
            return self._waiting.result(coroutine)
        except ClosedError:
            raise closed() from None


class DiscoveryClient:
    """The marketplace, asked from blocking code; threads may share one. Use it in `with`, or close it.

    `base_url` is the service's, without `/v1/marketplace`. `timeout` is for a whole call in seconds, its
    repetitions included. A call is tried again at most `max_retries` times, where that can help.
    Every method raises MachPayError.
    """

    def __init__(
        self, base_url: str, api_key: str | None = None, timeout: float = 30, *, max_retries: int = 2
    ) -> None:
        self._setup = Setup(base_url, api_key, timeout, max_retries)
        self._lock = threading.Lock()
        self._connected: _Connected | None = None
        self._closed = False

    search = _blocking(calls.search)
    iter_search = _all_pages(calls.search)
    get_featured = _blocking(calls.get_featured)
    get_vendor = _blocking(calls.get_vendor)
    get_vendor_health = _blocking(calls.get_vendor_health)
    get_categories = _blocking(calls.get_categories)
    quick_search = _blocking(calls.quick_search)

    def run(self, call: Call[_T]) -> _T:
        """Carry out a call of `machpay.calls`."""
        return self._connect().run(call)

    def each(self, call: Call[SearchResult]) -> Iterator[VendorInfo]:
        """The vendors of all pages, each page fetched when it is reached."""
        walk = Walk(call)
        while walk.following is not None:
            yield from walk.take(self.run(walk.following))

    def close(self) -> None:
        """End every connection; a call that another thread waits for ends with InvalidError."""
        with self._lock:
            connected, self._connected, self._closed = self._connected, None, True
        if connected is not None and connected.process == os.getpid():
            connected.close()

    def __enter__(self) -> DiscoveryClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self) -> _Connected:
        """Connections and loop of this process: a fork has none of its parent's threads."""
        with self._lock:
            if self._closed:
                raise closed()
            if self._connected is None or self._connected.process != os.getpid():
                self._connected = _Connected(self._setup)
            return self._connected
