"""A server on loopback that answers as it was told, byte by byte, and remembers what it was asked."""

import json
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]


def answer(
    body: object, status: int = 200, headers: Sequence[str] = (), *, promised: int | None = None
) -> Script:
    """A JSON answer; `promised` is a Content-Length other than the true one."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    length = f"Content-Length: {promised or len(content)}"
    head = [f"HTTP/1.1 {status} X", length, "Connection: close", *headers]
    return lambda connection: connection.sendall("\r\n".join([*head, "", ""]).encode() + content)


def reset(connection: socket.socket) -> None:
    """Break the connection with an RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@dataclass(frozen=True)
class Silence:
    """Says `head`, then `drip` again and again, and never ends; `ended` lets go of it."""

    drip: bytes = b""
    head: bytes = b""
    ended: threading.Event = field(default_factory=threading.Event)

    def __call__(self, connection: socket.socket) -> None:
        with suppress(OSError):  # who asked may be gone
            connection.sendall(self.head)
            while not self.ended.wait(0.02):
                connection.sendall(self.drip)


class Stub:
    """Plays one script a request, the last one for all that follow; each connection serves one request."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = list(scripts)
        self.requests: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        for script in self._scripts:
            if isinstance(script, Silence):
                script.ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                if not (request := _request(connection)):
                    continue
                script = self._scripts[min(len(self.requests), len(self._scripts) - 1)]
                self.requests.append(request)
                script(connection)


def _request(connection: socket.socket) -> str:
    received = b""
    while b"\r\n\r\n" not in received and (more := connection.recv(65536)):
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [
        line.split(b":")[1] for line in head.splitlines() if line.lower().startswith(b"content-length")
    ]
    while lengths and len(body) < int(lengths[0]) and (more := connection.recv(65536)):
        body += more
    return (head + b"\r\n\r\n" + body).decode()
