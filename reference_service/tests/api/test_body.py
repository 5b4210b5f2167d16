"""Bodies that do not come hold only so many of the server's threads."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import falcon
import falcon.testing
import pytest

from reference_service.api.body import Bodies
from reference_service.domain.errors import UnavailableError

LONG = 60.0  # far beyond what anything here takes


class Silent(io.RawIOBase):
    """A body that does not come until it is released, and tells when somebody waits for it."""

    def __init__(self, released: threading.Event) -> None:
        self.awaited = threading.Event()
        self._released = released

    def read(self, _: int = -1, /) -> bytes:
        self.awaited.set()
        self._released.wait(LONG)
        return b""


class Broken(io.RawIOBase):
    def read(self, _: int = -1, /) -> bytes:
        raise ConnectionResetError


def request(stream: io.RawIOBase | io.BytesIO) -> falcon.Request:
    environ = falcon.testing.create_environ(method="POST", headers={"Content-Type": "application/json"})
    return falcon.Request(environ | {"wsgi.input": stream})


def test_only_so_many_threads_wait_and_their_turns_come_back() -> None:
    bodies, released = Bodies(at_once=3), threading.Event()
    silent = [Silent(released) for _ in range(3)]
    with ThreadPoolExecutor(3) as server:
        waiting = [server.submit(bodies.read_json, request(stream)) for stream in silent]
        assert all(stream.awaited.wait(LONG) for stream in silent)
        try:
            with pytest.raises(UnavailableError):
                bodies.read_json(request(io.BytesIO(b"{}")))
        finally:
            released.set()
        assert [each.result() for each in waiting] == [b""] * 3
    assert bodies.read_json(request(io.BytesIO(b"{}"))) == b"{}"


def test_a_body_that_breaks_off_gives_its_turn_back() -> None:
    bodies = Bodies(at_once=1)
    with pytest.raises(ConnectionResetError):
        bodies.read_json(request(Broken()))
    assert bodies.read_json(request(io.BytesIO(b"{}"))) == b"{}"
