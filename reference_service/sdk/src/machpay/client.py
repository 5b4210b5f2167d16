"""The blocking client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Concatenate, ParamSpec, TypeVar

import httpx

from machpay import calls
from machpay.calls import Call
from machpay.connection import Receiving, Setup, broken, stream_arguments
from machpay.exchange import Ask, Broken, Pause, Reply
from machpay.methods import presented
from machpay.models import SearchResult, VendorInfo
from machpay.paging import pages

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
        self._http = httpx.Client(**self._setup.client_arguments())

    search = _blocking(calls.search)
    iter_search = _all_pages(calls.search)
    get_featured = _blocking(calls.get_featured)
    get_vendor = _blocking(calls.get_vendor)
    get_vendor_health = _blocking(calls.get_vendor_health)
    get_categories = _blocking(calls.get_categories)
    quick_search = _blocking(calls.quick_search)

    def run(self, call: Call[_T]) -> _T:
        """Carry out a call of `machpay.calls`."""
        conversation = self._setup.converse(call)
        came: Reply | Broken | None = None
        while True:
            try:
                step = conversation.send(came)
            except StopIteration as end:
                result: _T = end.value
                return result
            came = self._do(step)

    def each(self, call: Call[SearchResult]) -> Iterator[VendorInfo]:
        """The vendors of all pages, each page fetched when it is reached."""
        asked = pages(call)
        page: SearchResult | None = None
        while True:
            try:
                following = next(asked) if page is None else asked.send(page)
            except StopIteration:
                return
            page = self.run(following)
            yield from page.vendors

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> DiscoveryClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _do(self, step: Ask | Pause) -> Reply | Broken | None:
        if isinstance(step, Ask):
            return self._ask(step)
        time.sleep(step.seconds)
        return None

    def _ask(self, ask: Ask) -> Reply | Broken:
        deadline = time.monotonic() + ask.seconds
        try:
            with self._http.stream(**stream_arguments(ask)) as response:
                receiving = Receiving(response, deadline)
                for chunk in response.iter_bytes():
                    receiving.take(chunk)
                return receiving.reply()
        except httpx.HTTPError as error:
            return broken(error)
