"""The asyncio client: the same calls and decisions as the blocking one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx

from machpay import calls
from machpay.calls import Call
from machpay.connection import Receiving, Setup, broken, closed, stream_arguments
from machpay.exchange import Ask, Broken, Pause, Reply
from machpay.methods import presented
from machpay.models import SearchResult, VendorInfo
from machpay.paging import Walk

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _awaited(
    describe: Callable[_P, Call[_T]],
) -> Callable[Concatenate[AsyncDiscoveryClient, _P], Coroutine[Any, Any, _T]]:
    async def method(self: AsyncDiscoveryClient, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return await self.run(describe(*args, **kwargs))

    return presented(method, describe)


def _all_pages(
    describe: Callable[_P, Call[SearchResult]],
) -> Callable[Concatenate[AsyncDiscoveryClient, _P], AsyncIterator[VendorInfo]]:
    def method(
        self: AsyncDiscoveryClient, /, *args: _P.args, **kwargs: _P.kwargs
    ) -> AsyncIterator[VendorInfo]:
        return self.each(describe(*args, **kwargs))

    return presented(method, describe, "iter_search")


class AsyncDiscoveryClient:
    """The marketplace, asked from asyncio. Use it in `async with`, or await `close`.

    The arguments and the errors are those of DiscoveryClient; every method but `iter_search` is awaited.
    """

    def __init__(
        self, base_url: str, api_key: str | None = None, timeout: float = 30, *, max_retries: int = 2
    ) -> None:
        self._setup = Setup(base_url, api_key, timeout, max_retries)
        self._http = httpx.AsyncClient(**self._setup.client_arguments())

    search = _awaited(calls.search)
    iter_search = _all_pages(calls.search)
    get_featured = _awaited(calls.get_featured)
    get_vendor = _awaited(calls.get_vendor)
    get_vendor_health = _awaited(calls.get_vendor_health)
    get_categories = _awaited(calls.get_categories)
    quick_search = _awaited(calls.quick_search)

    async def run(self, call: Call[_T]) -> _T:
        """Carry out a call of `machpay.calls`."""
        conversation = self._setup.converse(call)
        came: Reply | Broken | None = None
        while True:
            try:
                step = conversation.send(came)
            except StopIteration as end:
                result: _T = end.value
                return result
            came = await self._do(step)

    async def each(self, call: Call[SearchResult]) -> AsyncIterator[VendorInfo]:
        """The vendors of all pages, each page fetched when it is reached."""
        walk = Walk(call)
        while walk.following is not None:
            for vendor in walk.take(await self.run(walk.following)):
                yield vendor

    async def close(self) -> None:
        """End every connection."""
        await self._http.aclose()

    async def __aenter__(self) -> AsyncDiscoveryClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _do(self, step: Ask | Pause) -> Reply | Broken | None:
        if isinstance(step, Ask):
            return await self._ask(step)
        await asyncio.sleep(step.seconds)
        return None

    async def _ask(self, ask: Ask) -> Reply | Broken:
        try:
            return await asyncio.wait_for(self._receive(ask), ask.seconds)
        except asyncio.TimeoutError:  # in Python 3.10 apart from the built-in one
            return Broken("timeout", "the answer did not end in time")
        except httpx.HTTPError as error:
            return broken(error)
        except RuntimeError:
            if self._http.is_closed:  # before, or between two attempts
                raise closed() from None
            raise

    async def _receive(self, ask: Ask) -> Reply:
        async with self._http.stream(**stream_arguments(ask)) as response:
            receiving = Receiving(response)
            async for chunk in response.aiter_bytes():
                receiving.take(chunk)
            return receiving.reply()
