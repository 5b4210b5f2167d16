"""The stubs and canaries that worker rounds are judged by, called by hand."""

import socket
from collections.abc import Iterator
from http.client import HTTPConnection, RemoteDisconnected

import pytest

from harness.contract.workers.canary import flock, listen
from harness.contract.workers.stubs import PATIENCE_SECONDS, StubServer, serve_stubs
from harness.tests.waiting import eventually


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with serve_stubs() as server:
        yield server


def ask(stub: StubServer, path: str) -> tuple[int, str | None, bytes]:
    host, port = stub.server_address[:2]
    connection = HTTPConnection(str(host), int(port), timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location"), answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("code", [200, 204, 302, 404, 503])
def test_a_status_is_what_the_path_says(stub: StubServer, code: int) -> None:
    assert ask(stub, f"/status/{code}")[0] == code


def test_hops_lead_to_an_answer(stub: StubServer) -> None:
    assert ask(stub, "/hop/2")[:2] == (302, "/hop/1")
    assert ask(stub, "/hop/0")[0] == 200


def test_a_redirect_leads_where_the_path_says(stub: StubServer) -> None:
    assert ask(stub, "/to/http%3A%2F%2F127.0.0.2%2Fx")[1] == "http://127.0.0.2/x"


def test_visits_are_remembered(stub: StubServer) -> None:
    ask(stub, "/status/200?one")
    ask(stub, "/status/200?one")
    assert (stub.visited("/status/200?one"), stub.visited("/status/200?two")) == (2, 0)


@pytest.mark.parametrize("path", ["/slow", "/drip/body", "/drip/header"])
def test_a_stub_sees_when_its_caller_leaves(stub: StubServer, path: str) -> None:
    assert stub.longest(path) is None
    with socket.create_connection(stub.server_address[:2], timeout=5) as caller:  # type: ignore[arg-type]
        caller.sendall(f"GET {path} HTTP/1.1\r\n\r\n".encode())
        eventually(lambda: stub.visited(path) == 1, lambda: stub.visits)
    stayed = stub.longest(path)
    assert stayed is not None
    assert stayed < PATIENCE_SECONDS / 2


def test_calls_at_the_same_time_are_counted(stub: StubServer) -> None:
    ask(stub, "/hold/201")
    assert stub.peak == 1


def test_odd_stubs_answer_no_http(stub: StubServer) -> None:
    with pytest.raises((ConnectionResetError, RemoteDisconnected)):
        ask(stub, "/reset")
    with pytest.raises(Exception, match="220"):
        ask(stub, "/garbage")


def test_a_drip_never_ends(stub: StubServer) -> None:
    host, port = stub.server_address[:2]
    with socket.create_connection((str(host), int(port)), timeout=5) as caller:
        caller.sendall(b"GET /drip/body HTTP/1.1\r\n\r\n")
        assert caller.recv(4096).startswith(b"HTTP/1.1 200")
        assert caller.recv(4096).strip(b"x") == b""


def test_a_canary_notes_whoever_connects() -> None:
    with listen("127.0.0.1") as canary:
        with socket.create_connection((canary.host, canary.port), timeout=5) as caller:
            assert caller.recv(1) == b""  # it hangs up at once
        assert canary.visitors == ["127.0.0.1"]


def test_a_flock_is_as_large_as_the_machine_allows() -> None:
    with flock(["127.0.0.1", "203.0.113.7"]) as canaries:
        assert list(canaries) == ["127.0.0.1"]
