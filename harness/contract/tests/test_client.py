"""The client, against small servers that each behave oddly but legally, or not at all."""

import gzip
import json
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from harness.contract.client import Client, NoAnswer
from harness.contract.diagnosis import ContractBroken, Traffic
from harness.contract.identity import Identities, Pace
from harness.contract.paths import CATEGORIES, SEARCH, operation
from harness.target import Target, read_target

Answer: TypeAlias = Callable[[bytes, str], bytes]
TEXT = json.dumps({"é": 1}).encode()


@contextmanager
def serving(answer: Answer, *, requests_a_connection: int = 1_000) -> Iterator[str]:
    """Serve raw answers to raw request heads; yields the base URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def talk(peer: socket.socket, address: str) -> None:
        with peer:
            for _ in range(requests_a_connection):
                head = b""
                while b"\r\n\r\n" not in head:
                    piece = peer.recv(65_536)
                    if not piece:
                        return
                    head += piece
                peer.sendall(answer(head, address))

    def listen() -> None:
        while not stopped.is_set():
            try:
                peer, (address, _) = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(peer, address), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def always(raw: bytes) -> Answer:
    def answer(head: bytes, address: str) -> bytes:
        return raw

    return answer


def answering(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = [f"HTTP/1.1 {status}", "content-type: application/json", *headers]
    if not any(header.lower().startswith(("transfer-encoding", "connection")) for header in headers):
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, "", ""]).encode() + body


@contextmanager
def asking(
    folder: Path, answer: Answer, more: str = "", *, rotating: bool = False, each: int = 1_000
) -> Iterator[tuple[Client, Traffic]]:
    with serving(answer, requests_a_connection=each) as url:
        traffic = Traffic()
        target = profile(folder, url, more)
        client = Client(target, Identities.of(target), Pace(target.rate_limit), traffic, rotating=rotating)
        yield client, traffic
        client.close()


def profile(folder: Path, url: str, more: str = "") -> Target:
    file = folder / "target.yaml"
    file.write_text(f"name: t\nbase_url: {url}\n{more}")
    return read_target(file, {"TOKEN": "very-secret"})


WAYS = {
    "plain": answering(TEXT),
    "pretty": answering(json.dumps({"é": 1}, indent=4, ensure_ascii=False).encode()),
    "gzip": answering(gzip.compress(TEXT), "Content-Encoding: gzip"),
    "deflate": answering(zlib.compress(TEXT), "Content-Encoding: deflate"),
    "chunked": answering(
        b"4\r\n" + TEXT[:4] + b"\r\n" + f"{len(TEXT) - 4:x}".encode() + b"\r\n" + TEXT[4:] + b"\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked",
    ),
    "headers in capitals": answering(TEXT, "X-ODD: 1").replace(b"content-type", b"CONTENT-TYPE"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_legal_way_to_send_an_answer(way: str, tmp_path: Path) -> None:
    with asking(tmp_path, always(WAYS[way])) as (client, _):
        for _ in range(2):
            response = client.get("/x")
            assert response.json() == {"é": 1}
            assert response.headers["Content-Type"] == "application/json"


def test_an_answer_may_close_the_connection(tmp_path: Path) -> None:
    closing = answering(TEXT, "Connection: close", f"Content-Length: {len(TEXT)}")
    with asking(tmp_path, always(closing), each=1) as (client, _):
        assert [client.get("/x").status for _ in range(3)] == [200] * 3


def test_a_connection_that_went_stale_is_opened_anew(tmp_path: Path) -> None:
    with asking(tmp_path, always(answering(TEXT)), each=1) as (client, _):
        assert [client.get("/x").status for _ in range(3)] == [200] * 3


@pytest.mark.parametrize(
    "junk", [b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"]
)
def test_what_is_no_http_is_no_answer(junk: bytes, tmp_path: Path) -> None:
    with (
        asking(tmp_path, always(junk), each=1) as (client, _),
        pytest.raises(NoAnswer) as caught,
    ):
        client.get("/x")
    assert "curl" in str(caught.value)


def test_a_damaged_body_is_said_to_be_so(tmp_path: Path) -> None:
    damaged = answering(b"not gzip at all", "Content-Encoding: gzip")
    with (
        asking(tmp_path, always(damaged)) as (client, _),
        pytest.raises(NoAnswer, match="damaged"),
    ):
        client.get("/x")


def test_nobody_there_is_no_answer(tmp_path: Path) -> None:
    with serving(always(b"")) as url:
        target = profile(tmp_path, url)
    client = Client(target, Identities.of(target), Pace(target.rate_limit), Traffic())
    with pytest.raises(NoAnswer, match="Connection"):
        client.get("/x")


def test_each_client_has_an_address_and_keeps_it(tmp_path: Path) -> None:
    seen: list[str] = []

    def answer(head: bytes, address: str) -> bytes:
        seen.append(address)
        return answering(TEXT)

    with asking(tmp_path, answer) as (client, _):
        for _ in range(3):
            client.get("/x")
    assert set(seen) == {client.identity.source_address}


def test_a_rotating_client_becomes_another_in_time(tmp_path: Path) -> None:
    seen: list[str] = []

    def answer(head: bytes, address: str) -> bytes:
        seen.append(address)
        return answering(TEXT)

    with asking(tmp_path, answer, "rate_limit: {requests: 10}", rotating=True) as (client, _):
        for _ in range(25):
            client.get("/x")
    assert max(seen.count(address) for address in seen) <= 10
    assert len(set(seen)) > 2


def test_headers_secrets_and_curl_lines(tmp_path: Path) -> None:
    heads: list[bytes] = []

    def answer(head: bytes, address: str) -> bytes:
        heads.append(head)
        return answering(TEXT)

    more = "client_identity: forwarded\nheaders: {Authorization: 'Bearer ${TOKEN}', Accept: text/x}\n"
    with asking(tmp_path, answer, more) as (client, _):
        response = client.get("/a%20b?c", {"q": "é &", "verified": True}, headers={"X-Own": "it's"})
    head = heads[0].decode()
    assert head.startswith("GET /a%20b?c&q=%C3%A9%20%26&verified=true HTTP/1.1\r\n")
    assert "Authorization: Bearer very-secret" in head
    assert f"X-Forwarded-For: {client.identity.forwarded_for}" in head
    assert "very-secret" not in response.curl
    assert "Bearer ***" in response.curl
    assert "X-Own: it" in response.curl


def test_proxies_of_the_environment_are_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with asking(tmp_path, always(answering(TEXT))) as (client, _):
        assert client.get("/x").status == 200


def test_a_large_body_may_be_refused_half_way(tmp_path: Path) -> None:
    refusal = answering(b"{}", status="413 Payload Too Large")
    with asking(tmp_path, always(refusal), each=1) as (client, _):
        for _ in range(3):
            assert client.request("POST", "/x", body=b" " * 5_000_000).status == 413


def test_traffic_is_counted_by_operation(tmp_path: Path) -> None:
    with asking(tmp_path, always(answering(b"{}", status="429 Slow"))) as (client, traffic):
        client.get(CATEGORIES)
        client.post(SEARCH, {"query": "\ud800"})
    assert traffic.asked == {"GET /categories": 1, "POST /search": 1}
    assert traffic.limited == 2
    assert traffic.never_succeeded() == ["GET /categories", "POST /search"]


def test_a_body_that_is_no_json(tmp_path: Path) -> None:
    odd = always(answering(b"\xff"))
    with asking(tmp_path, odd) as (client, _), pytest.raises(ContractBroken, match="not JSON"):
        client.get("/x").json()


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/v1/marketplace/vendors?q=1", "GET /vendors"),
        ("GET", "/v1/marketplace/vendors/featured", "GET /vendors/featured"),
        ("GET", "/v1/marketplace/vendors/a/health", "GET /vendors/{idOrSlug}/health"),
        ("GET", "/v1/marketplace/vendors/a", "GET /vendors/{idOrSlug}"),
        ("POST", "/v1/marketplace/vendors", "other"),
        ("GET", "/metrics", "other"),
    ],
)
def test_operations(method: str, path: str, name: str) -> None:
    assert operation(method, path) == name
