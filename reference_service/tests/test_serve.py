"""The server as it runs: two processes, raw requests, failing dependencies, and its end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import psutil
import pytest

from reference_service.api.middleware import LONGEST_SHOWN
from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.migrator import migrate_up
from reference_service.tests.api.document import HOOKS, assert_as_described
from reference_service.tests.server import Server, answers, until

V1 = b"/v1/marketplace"
JSON = b"Content-Type: application/json\r\n"
CHUNKED = JSON + b"Transfer-Encoding: chunked\r\n"
HEAD = b"Host: x\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def server(
    shared_database: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with open_connection(Settings(database_url=shared_database)) as connection:
        migrate_up(connection)
    settings = {"REFERENCE_DATABASE_URL": shared_database, "REFERENCE_REDIS_URL": redis_url}
    started = Server(settings | {"REFERENCE_RATE_LIMIT_REQUESTS": "10000"}, tmp_path_factory.mktemp("serve"))
    try:
        until(lambda: answers(f"{started.url}/health/ready"))
        yield started
    finally:
        started.process.terminate()
        started.process.wait(20)


@pytest.mark.parametrize(
    ("request_line", "headers", "body", "status"),
    [
        (b"GET " + V1 + b"/vendors?q=%00", b"", b"", 400),
        (b"GET " + V1 + b"/vendors?q=caf\xc3\xa9", b"", b"", 200),
        (b"GET " + V1 + b"/vendors/%ff", b"", b"", 404),
        (b"GET " + V1 + b"/vendors/%00", b"", b"", 400),
        (b"FOO " + V1 + b"/vendors", b"", b"", 405),
        (b"get " + V1 + b"/vendors", b"", b"", 405),
        (b"OPTIONS *", b"", b"", 404),
        (b"POST " + V1 + b"/search", b"Content-Length: 2\r\n", b"{}", 415),
        (b"POST " + V1 + b"/search", CHUNKED, b"2\r\n{}\r\n0\r\n\r\n", 200),
        (b"POST " + V1 + b"/search", JSON, b"", 400),
        (b"POST " + V1 + b"/search", JSON + b"Content-Length: 3145728\r\n", b" " * 3145728, 413),
    ],
)
def test_raw_requests(server: Server, request_line: bytes, headers: bytes, body: bytes, status: int) -> None:
    answer = parsed(
        request_line, server.raw(request_line + b" HTTP/1.1\r\n" + HEAD + headers + b"\r\n" + body)
    )
    assert answer.status_code == status
    assert_as_described(answer)


def parsed(request_line: bytes, answer: bytes) -> httpx.Response:
    method, target = request_line.decode("latin-1").split(" ", 1)
    head, _, content = answer.partition(b"\r\n\r\n")
    status, *fields = head.decode().split("\r\n")
    return httpx.Response(
        int(status.split(" ")[1]),
        headers=[(name, value) for name, _, value in (field.partition(": ") for field in fields)],
        content=content,
        request=httpx.Request(method, f"http://api.test/{target.removeprefix('/')}"),
    )


@pytest.mark.parametrize(("length", "statuses"), [(30_000, {400}), (200_000, {400, 414, 431})])
def test_a_long_url_is_refused_and_the_server_goes_on(
    server: Server, length: int, statuses: set[int]
) -> None:
    """What the request head has no room for, the HTTP server refuses itself, in words of its own."""
    answer = server.raw(b"GET " + V1 + b"/vendors?q=" + b"a" * length + b" HTTP/1.1\r\n" + HEAD + b"\r\n")
    assert int(answer.split(b" ")[1]) in statuses
    assert answers(f"{server.url}/health/live")


def test_the_access_line_holds_only_the_beginning_of_a_long_query(server: Server) -> None:
    server.get(f"{V1.decode()}/vendors?q={'a' * 30_000}", headers={"X-Request-Id": "seen-long"})
    until(lambda: any(line.get("request_id") == "seen-long" for line in server.lines()))
    (line,) = (line for line in server.lines() if line.get("request_id") == "seen-long")
    assert line["query"] == "q=" + "a" * (LONGEST_SHOWN - 2) + "…"


def test_bodies_that_do_not_come_stop_nothing_that_has_none(server: Server) -> None:
    """More of them than the server has threads."""
    head = b"POST " + V1 + b"/search HTTP/1.1\r\n" + HEAD + JSON + b"Content-Length: 2\r\n\r\n{"
    with ExitStack() as opened:
        slow = [
            opened.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30))
            for _ in range(60)
        ]
        for connection in slow:
            connection.sendall(head)
        for _ in range(20):  # a new connection each, so that both processes get some
            assert server.get("/health/live", timeout=30).status_code == 200
        for connection in slow:
            with suppress(ConnectionError):  # refused already
                connection.sendall(b"}")
        statuses = {int(connection.recv(65536).split(b" ")[1]) for connection in slow}
    assert statuses == {200, 503}


def test_a_client_that_expects_100_continue_is_served(server: Server) -> None:
    headers = JSON + b"Content-Length: 2\r\nExpect: 100-continue\r\n"
    answer = server.raw(b"POST " + V1 + b"/search HTTP/1.1\r\n" + HEAD + headers + b"\r\n{}")
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n")
    assert b"HTTP/1.1 200 OK\r\n" in answer


def test_the_peer_address_is_the_client(server: Server) -> None:
    def remaining(address: str) -> int:
        transport = httpx.HTTPTransport(local_address=address)
        with httpx.Client(transport=transport, base_url=server.url, event_hooks=HOOKS) as client:
            answer = client.get(f"{V1.decode()}/categories")
            return int(answer.headers["X-RateLimit-Remaining"])

    assert [remaining("127.0.0.71") for _ in range(3)] == [9999, 9998, 9997]
    assert remaining("127.0.0.72") == 9999


def test_both_processes_count_in_one_exposition(server: Server) -> None:
    def counted() -> float:
        lines = server.get("/metrics").text.splitlines()
        name = 'discovery_requests_total{endpoint="featured"} '
        return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))

    before = counted()
    for _ in range(20):  # a new connection each, so that both processes get some
        assert server.get(f"{V1.decode()}/vendors/featured").status_code == 200
    assert counted() == before + 20


def test_the_memory_is_that_of_both_processes(server: Server) -> None:
    def told() -> float:
        lines = server.get("/metrics").text.splitlines()
        return sum(float(line.split()[1]) for line in lines if line.startswith("process_resident_memory_"))

    held = [psutil.Process(pid).memory_info().rss for pid in server.workers()]
    assert len(held) == 2
    assert told() > 1.5 * max(held)


def test_one_access_line_a_request_and_no_error_for_expected_ones(server: Server) -> None:
    answer = server.get(f"{V1.decode()}/vendors?limit=x", headers={"X-Request-Id": "seen-once"})
    assert answer.status_code == 400
    until(lambda: any(line.get("request_id") == "seen-once" for line in server.lines()))
    (line,) = (line for line in server.lines() if line.get("request_id") == "seen-once")
    assert (line["level"], line["status"], line["error"], line["method"]) == (
        "info",
        400,
        "invalid_request",
        "GET",
    )
    assert not [line for line in server.lines() if line["level"] == "error"]


def test_a_worker_that_dies_is_replaced(server: Server) -> None:
    before = set(server.workers())
    os.kill(min(before), signal.SIGKILL)
    until(lambda: len(set(server.workers()) - before) == 1)
    until(lambda: answers(f"{server.url}/health/ready"))


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_server(
    shared_database: str, tmp_path: Path, end: signal.Signals, server: Server
) -> None:
    other = Server({"REFERENCE_DATABASE_URL": shared_database}, tmp_path)
    until(lambda: other.log.read_text().count("Started worker") == 2)
    workers = other.workers()
    assert len(workers) == 2
    other.process.send_signal(end)
    assert other.process.wait(15) == (0 if end is signal.SIGTERM else -end)
    until(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in workers), seconds=5)


def test_an_occupied_port_is_one_line(server: Server, shared_database: str) -> None:
    command = [sys.executable, "-m", "reference_service", "serve", "--port", str(server.port)]
    environ = {**os.environ, "REFERENCE_DATABASE_URL": shared_database}
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert f"port {server.port} is taken" in ended.stderr


@pytest.mark.parametrize(
    "argv", [["--port", "70000"], ["--host", "192.0.2.1"], ["--rate-limit", "0"], ["--processes", "0"]]
)
def test_a_wrong_call_is_one_line(argv: list[str]) -> None:
    command = [sys.executable, "-m", "reference_service", "serve", *argv]
    environ = {**os.environ, "REFERENCE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
