"""A vendor's health endpoint that misbehaves by its path, and remembers who called."""

import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import StreamRequestHandler, ThreadingTCPServer
from urllib.parse import unquote

HOLD_SECONDS = 0.4
HEAD_SECONDS = 0.1
PATIENCE_SECONDS = 30.0  # how long a stub that never finishes keeps at it
NOTICE_SECONDS = 5.0
_TLS_HANDSHAKE = b"\x16"
FLOOD_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Visit:
    path: str
    headers: dict[str, str]
    method: str = "GET"


class StubServer(ThreadingTCPServer):
    """Answers `/status/503`, `/query?503`, `/hop/3`, `/to/<URL>`, `/slow` and so on; see `_BEHAVIOURS`."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, host: str) -> None:
        super().__init__((host, 0), _Handler)
        self.visits: list[Visit] = []
        self.spent: dict[str, float] = {}
        self.flooded = 0
        self.peak = 0
        self.stopping = threading.Event()
        self._inside = 0
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def visited(self, path: str) -> int:
        """How often the path was asked for."""
        return sum(visit.path == path for visit in self.visits)

    def longest(self, path: str) -> float | None:
        """How many seconds a caller of the path stayed until it was answered or hung up; None: nobody called.

        Waits a little: a stub sees late that its caller has gone.
        """
        end = time.monotonic() + NOTICE_SECONDS
        while self.visited(path) and path not in self.spent and time.monotonic() < end:
            self.stopping.wait(0.02)
        return self.spent.get(path, PATIENCE_SECONDS if self.visited(path) else None)

    def enter(self) -> None:
        with self._lock:
            self._inside += 1
            self.peak = max(self.peak, self._inside)

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1

    def note(self, visit: Visit) -> None:
        with self._lock:
            self.visits.append(visit)

    def left(self, path: str, seconds: float) -> None:
        with self._lock:
            self.spent[path] = max(seconds, self.spent.get(path, 0.0))

    def handle_error(self, request: object, client_address: object) -> None:
        """A checker that hangs up is what some of the stubs are for."""


@contextmanager
def serve_stubs(host: str = "127.0.0.1") -> Iterator[StubServer]:
    server = StubServer(host)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(StreamRequestHandler):
    server: StubServer
    timeout = PATIENCE_SECONDS

    def handle(self) -> None:
        if self.rfile.peek(1)[:1] == _TLS_HANDSHAKE:  # type: ignore[attr-defined]  # it is a BufferedReader
            self.answer(400)
            return
        line = self.rfile.readline(65536).decode("latin-1").split()
        if len(line) < 2:
            return
        headers = {}
        while (header := self.rfile.readline(65536)) not in (b"\r\n", b"\n", b""):
            name, _, value = header.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        path = line[1]
        self.server.note(Visit(path, headers, line[0]))
        words = path.replace("?", "/").split("/")
        began = time.monotonic()
        try:
            _BEHAVIOURS.get(words[1], _missing)(self, words[2] if len(words) > 2 else "")
        finally:
            self.server.left(path, time.monotonic() - began)

    def answer(self, status: int, *headers: str, body: bytes = b"ok") -> None:
        head = [f"HTTP/1.1 {status} Stub", "Connection: close", *headers]
        # 1xx, 204 and 304 have no body
        if status >= 200 and status not in (204, 304):
            head.append(f"Content-Length: {len(body)}")
        else:
            body = b""
        self.wfile.write("\r\n".join([*head, "", ""]).encode("latin-1") + body)

    def until_left(self, seconds: float, pause: float, act: Callable[[], object]) -> None:
        """Act again and again until the caller hangs up, the stubs stop, or patience ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.server.stopping.wait(pause):
            act()

    def must_be_there(self) -> None:
        """Raises ConnectionAbortedError where the caller has hung up."""
        heard, _, _ = select.select([self.connection], [], [], 0)
        if heard and not self.connection.recv(1, socket.MSG_PEEK):
            raise ConnectionAbortedError


def _missing(handler: _Handler, _: str) -> None:
    handler.answer(404)


def _status(handler: _Handler, number: str) -> None:
    handler.answer(int(number))


def _hop(handler: _Handler, left: str) -> None:
    """`/hop/2` is two redirects away from a 200."""
    if left == "0":
        handler.answer(200)
    else:
        handler.answer(302, f"Location: /hop/{int(left) - 1}")


def _to(handler: _Handler, url: str) -> None:
    handler.answer(302, f"Location: {unquote(url)}")


def _moved(handler: _Handler, number: str) -> None:
    handler.answer(int(number), "Location: /status/200")


def _slow(handler: _Handler, _: str) -> None:
    handler.until_left(PATIENCE_SECONDS, 0.1, handler.must_be_there)


def _drip(handler: _Handler, part: str) -> None:
    """A byte now and then: of the body, or of the header."""
    start = (
        b"HTTP/1.1 200 OK\r\nX-Long: "
        if part == "header"
        else b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"
    )
    handler.wfile.write(start)
    handler.until_left(PATIENCE_SECONDS, 0.1, lambda: handler.wfile.write(b"x"))


def _flood(handler: _Handler, _: str) -> None:
    """A body without an end, as fast as it is read; its head comes alone, so that no count is even."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    handler.server.stopping.wait(HEAD_SECONDS)
    piece = b"x" * 65536
    while handler.server.flooded < FLOOD_BYTES and not handler.server.stopping.is_set():
        handler.wfile.write(piece)
        handler.server.flooded += len(piece)


def _reset(handler: _Handler, _: str) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def _garbage(handler: _Handler, _: str) -> None:
    handler.wfile.write(b"220 this is a mail server\r\n\r\n")


def _hold(handler: _Handler, number: str) -> None:
    """Keeps the call for a while, so that calls at the same time can be counted."""
    handler.server.enter()
    handler.server.stopping.wait(HOLD_SECONDS)
    handler.server.leave()  # before the answer: once it has that, the checker may begin the next call
    handler.answer(int(number))


_BEHAVIOURS: dict[str, Callable[[_Handler, str], None]] = {
    "status": _status,
    "query": _status,
    "hop": _hop,
    "to": _to,
    "moved": _moved,
    "slow": _slow,
    "drip": _drip,
    "flood": _flood,
    "reset": _reset,
    "garbage": _garbage,
    "hold": _hold,
}
