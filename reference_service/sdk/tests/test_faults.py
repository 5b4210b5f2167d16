"""Both clients against a service that misbehaves in every way that concerns a client."""

import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from machpay import (
    InvalidError,
    MachPayError,
    NotFoundError,
    ProtocolError,
    RateLimitedError,
    RequestTimeoutError,
    UnavailableError,
)

from .asking import Ask
from .stub import Script, Silence, Stub, answer, reset

Serve = Callable[..., Stub]

GOOD: dict[str, Any] = {"categories": [{"category": "ai", "count": 4}]}
SOON = ["Retry-After: 0"]


def refused(code: str, status: int, *headers: str) -> Script:
    return answer({"error": code, "message": f"because {code}"}, status, ["X-Request-Id: theirs", *headers])


def nothing(connection: socket.socket) -> None:
    """Close without a word."""


@pytest.mark.parametrize(
    "fault",
    [
        refused("rate_limited", 429, *SOON),
        refused("unavailable", 503, *SOON),
        answer(b"<html>", 502),
        answer(b"", 504),
        reset,
        nothing,
        answer(GOOD, promised=1000),
        answer(b"\x1f\x8bnot gzip", headers=["Content-Encoding: gzip"]),
    ],
    ids=["429", "503", "502", "504", "reset", "closed", "truncated", "encoding"],
)
def test_a_passing_fault_is_asked_past(ask: Ask, serve_stub: Serve, fault: Script) -> None:
    stub = serve_stub(fault, answer(GOOD))
    assert ask(stub.url, "get_categories")[0].count == 4
    assert len(stub.requests) == 2


@pytest.mark.parametrize(
    ("fault", "kind", "status", "code", "asked"),
    [
        (refused("invalid_request", 400), InvalidError, 400, "invalid_request", 1),
        (answer(b"", 401), InvalidError, 401, None, 1),
        (refused("not_found", 404), NotFoundError, 404, "not_found", 1),
        (refused("rate_limited", 429, *SOON), RateLimitedError, 429, "rate_limited", 3),
        (refused("internal_error", 500), UnavailableError, 500, "internal_error", 1),
        (answer(b"<html>gateway</html>", 502, SOON), UnavailableError, 502, None, 3),
        (refused("unavailable", 503, *SOON), UnavailableError, 503, "unavailable", 3),
        (answer(b"", 204), ProtocolError, 204, None, 1),
        (answer(b"", 302, ["Location: http://127.0.0.1:9/"]), ProtocolError, 302, None, 1),
        (answer([1], 400), InvalidError, 400, None, 1),
        (answer({"error": 1, "message": None}, 400), InvalidError, 400, None, 1),
        (answer(GOOD, promised=1000), ProtocolError, None, None, 3),
        (reset, UnavailableError, None, None, 3),
        (lambda connection: connection.sendall(b"SMTP\r\n\r\n"), ProtocolError, None, None, 3),
    ],
    ids=[
        "400",
        "401",
        "404",
        "429",
        "500",
        "502",
        "503",
        "204",
        "302",
        "list",
        "mistyped",
        "truncated",
        "reset",
        "no-http",
    ],
)
def test_a_lasting_fault_has_its_error(
    ask: Ask, serve_stub: Serve, fault: Script, kind: type, status: int | None, code: str | None, asked: int
) -> None:
    stub = serve_stub(fault)
    with pytest.raises(MachPayError) as caught:
        ask(stub.url, "get_categories")
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.code) == (status, code)
    assert len(stub.requests) == asked
    if code:
        assert caught.value.message == f"because {code}"
        assert caught.value.request_id == "theirs"


def test_no_request_is_repeated_that_was_not_to_be(ask: Ask, serve_stub: Serve) -> None:
    stub = serve_stub(refused("unavailable", 503, *SOON), answer(GOOD))
    with pytest.raises(UnavailableError):
        ask(stub.url, "get_categories", setup={"max_retries": 0})
    assert len(stub.requests) == 1


def test_a_wait_beyond_the_deadline_is_not_begun(ask: Ask, serve_stub: Serve) -> None:
    stub = serve_stub(refused("rate_limited", 429, "Retry-After: 3600"))
    with pytest.raises(RateLimitedError) as caught:
        ask(stub.url, "get_categories")
    assert caught.value.retry_after == 3600
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    "silence",
    [
        Silence(),
        Silence(b" ", head=b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n"),
        Silence(b"1", head=b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n"),
        Silence(b"X", head=b"HTTP/1.1 200 X\r\n"),
        Silence(b"HTTP/1.1 102 Processing\r\n\r\n"),
    ],
    ids=["silent", "body", "chunk", "headers", "processing"],
)
def test_a_slow_answer_ends_with_the_deadline(ask: Ask, serve_stub: Serve, silence: Silence) -> None:
    stub = serve_stub(replace(silence, ended=threading.Event()))
    with pytest.raises(RequestTimeoutError) as caught:
        ask(stub.url, "get_categories", setup={"timeout": 1})
    assert f"request {caught.value.request_id}" in str(caught.value)
    assert f"{caught.value.request_id}\r\n" in stub.requests[0]
    assert len(stub.requests) == 1


def test_nobody_listens(ask: Ask) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(UnavailableError, match="cannot be reached"):
            ask(url, "get_categories", setup={"max_retries": 0})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b'{"categories": [NaN]}', "NaN is no number"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "the answer is not an object"),
        (b"{}", "the answer lacks categories"),
        (b'{"categories": null}', "the answer.categories is not a list"),
        (b'{"categories": [{"category": "ai"}]}', r"the answer.categories\[0\] lacks count"),
        (b'{"categories": [{"category": 1, "count": 1}]}', "category is not text but 1"),
        (b'{"categories": [{"category": "", "count": true}]}', "count is not a whole number but True"),
        (b'{"categories": [{"category": "", "count": 1.5}]}', "count is not a whole number"),
        (b'{"categories": [{"category": "", "count": "1"}]}', "count is not a whole number but '1'"),
    ],
)
def test_a_wrong_shape_is_named_and_not_asked_again(
    ask: Ask, serve_stub: Serve, body: bytes, said: str
) -> None:
    stub = serve_stub(answer(body))
    with pytest.raises(ProtocolError, match=said) as caught:
        ask(stub.url, "get_categories")
    assert caught.value.status == 200
    assert len(stub.requests) == 1


def test_a_service_that_promises_pages_for_ever_is_left(ask: Ask, serve_stub: Serve) -> None:
    empty = {"vendors": [], "total": 9, "hasMore": True, "categories": []}
    stub = serve_stub(answer(empty))
    assert ask(stub.url, "iter_search") == []
    assert len(stub.requests) == 1


def test_the_key_and_the_request_id_are_sent(ask: Ask, serve_stub: Serve) -> None:
    stub = serve_stub(refused("unavailable", 503, *SOON), answer(GOOD))
    ask(stub.url + "/base", "get_categories", setup={"api_key": "k3y"})
    first, second = ({line.lower() for line in request.splitlines()} for request in stub.requests)
    assert "get /base/v1/marketplace/categories http/1.1" in first
    assert "authorization: bearer k3y" in first
    assert [line for line in first if line.startswith("x-request-id")] == [
        line for line in second if line.startswith("x-request-id")
    ]


def test_without_a_key_none_is_sent(ask: Ask, serve_stub: Serve) -> None:
    stub = serve_stub(answer(GOOD))
    ask(stub.url, "get_categories")
    assert "authorization" not in stub.requests[0].lower()
