"""Bodies that do not come hold only so many of the server's threads."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import falcon
import falcon.testing
import pytest

from reference_service.api.body import Bodies
from reference_service.domain.errors import InvalidRequestError, UnavailableError

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


def request(stream: io.RawIOBase | io.BytesIO, length: int | None = None) -> falcon.Request:
    headers = {"Content-Type": "application/json"} | ({"Content-Length": str(length)} if length else {})
    environ = falcon.testing.create_environ(method="POST", headers=headers)
    return falcon.Request(environ | {"wsgi.input": stream})


def test_only_so_many_threads_wait_and_their_turns_come_back() -> None:
    bodies, released = Bodies(at_once=3), threading.Event()
    silent = [Silent(released) for _ in range(3)]
    with ThreadPoolExecutor(3) as server:
        waiting = [
            server.submit(bodies.read_json, request(stream), f"client {number}")
            for number, stream in enumerate(silent)
        ]
        assert all(stream.awaited.wait(LONG) for stream in silent)
        try:
            with pytest.raises(UnavailableError):
                bodies.read_json(request(io.BytesIO(b"{}")), "another")
        finally:
            released.set()
        assert [each.result() for each in waiting] == [b""] * 3
    assert bodies.read_json(request(io.BytesIO(b"{}")), "a") == b"{}"


def test_a_body_that_breaks_off_gives_its_turn_back() -> None:
    bodies = Bodies(at_once=1)
    with pytest.raises(ConnectionResetError):
        bodies.read_json(request(Broken()), "a")
    assert bodies.read_json(request(io.BytesIO(b"{}")), "a") == b"{}"


def test_one_client_cannot_take_the_turns_of_all() -> None:
    bodies, released = Bodies(at_once=4), threading.Event()
    silent = [Silent(released) for _ in range(2)]
    with ThreadPoolExecutor(2) as server:
        waiting = [server.submit(bodies.read_json, request(stream), "greedy") for stream in silent]
        assert all(stream.awaited.wait(LONG) for stream in silent)
        try:
            with pytest.raises(UnavailableError):
                bodies.read_json(request(io.BytesIO(b"{}")), "greedy")
            assert bodies.read_json(request(io.BytesIO(b"{}")), "another") == b"{}"
        finally:
            released.set()
        assert [each.result() for each in waiting] == [b""] * 2
    assert bodies.read_json(request(io.BytesIO(b"{}")), "greedy") == b"{}"


def test_a_body_that_ends_too_soon_is_not_taken_for_a_whole_one() -> None:
    with pytest.raises(InvalidRequestError, match="breaks off"):
        Bodies(at_once=1).read_json(request(io.BytesIO(b"{}"), length=100), "a")


@pytest.mark.parametrize(
    "parameters",
    ["", ";", "; charset=UTF-8", '; charset="utf-8"', "; charset*=a; charset*0=b", f"; a*{'9' * 5000}=b"],
)
def test_a_content_type_may_have_any_parameters(parameters: str) -> None:
    asked = request(io.BytesIO(b"{}"))
    asked.env["CONTENT_TYPE"] = f"Application/JSON{parameters}"
    assert Bodies(at_once=1).read_json(asked, "a") == b"{}"
