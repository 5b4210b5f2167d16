"""A client from its first call to its end: closed, shared by threads, forked, forgotten."""

import asyncio
import gc
import os
import threading
import time
from collections.abc import Callable

import pytest

from machpay import AsyncDiscoveryClient, DiscoveryClient, InvalidError, MachPayError

from .stub import Silence, Stub, answer

Serve = Callable[..., Stub]
GOOD = {"categories": [{"category": "ai", "count": 4}]}


def our_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "machpay"]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_closed_client_says_so(serve_stub: Serve) -> None:
    stub = serve_stub(answer(GOOD))
    client = DiscoveryClient(stub.url)
    client.get_categories()
    client.close()
    client.close()
    for call in (client.get_categories, lambda: list(client.iter_search())):
        with pytest.raises(InvalidError, match="closed"):
            call()
    assert our_threads() == []


def test_a_closed_asyncio_client_says_so() -> None:
    async def run() -> None:
        client = AsyncDiscoveryClient("http://127.0.0.1:1")
        await client.close()
        await client.close()
        await client.get_categories()

    with pytest.raises(InvalidError, match="closed"):
        asyncio.run(run())


def test_closing_ends_what_another_thread_waits_for(serve_stub: Serve) -> None:
    stub = serve_stub(Silence())
    client = DiscoveryClient(stub.url)
    ended: list[Exception] = []

    def ask() -> None:
        try:
            client.get_categories()
        except Exception as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    until(lambda: bool(stub.requests))
    client.close()
    thread.join(20)
    assert [isinstance(error, MachPayError) for error in ended] == [True], ended


def test_a_client_that_is_forgotten_leaves_no_thread(serve_stub: Serve) -> None:
    stub = serve_stub(answer(GOOD))
    client = DiscoveryClient(stub.url)
    client.get_categories()
    assert our_threads() == ["machpay"]
    del client
    gc.collect()
    until(lambda: our_threads() == [])


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_asks_for_itself(serve_stub: Serve) -> None:
    stub = serve_stub(answer(GOOD))
    with DiscoveryClient(stub.url, timeout=10) as client:
        client.get_categories()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = 0 if client.get_categories()[0].count == 4 else 2
                client.close()
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert client.get_categories()[0].count == 4


def test_it_can_be_used_while_an_event_loop_runs(serve_stub: Serve) -> None:
    stub = serve_stub(answer(GOOD))

    async def run() -> int:
        with DiscoveryClient(stub.url) as client:
            return client.get_categories()[0].count

    assert asyncio.run(run()) == 4
