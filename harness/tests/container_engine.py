"""A stand-in for a container engine: its HTTP interface, and containers that are sockets of ours."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

POSTGRES_ASKS_FOR_A_PASSWORD = b"R\0\0\0\x17\0\0\0\nSCRAM-SHA-256\0\0"
VALKEY_IS_CONTENT = b"+OK\r\n"


class Engine(ThreadingHTTPServer):
    """`containers` are those that exist now; `images` those that it has; a `broken` one starts none."""

    daemon_threads = True

    def __init__(self, images: frozenset[str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.images = images
        self.containers: dict[str, dict[str, Any]] = {}
        self.removed: list[str] = []
        self.broken = False
        self._sockets: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_port}"

    def add(self, name: str, configuration: dict[str, Any]) -> None:
        """A container that runs: it greets everybody on the port that it publishes."""
        ports = {
            port: [_listen(self._sockets, configuration)] for port in configuration.get("ExposedPorts", {})
        }
        self.containers[name] = {
            "Id": name,
            "Name": f"/{name}",
            "Image": "sha256:0",
            "State": {"Status": "running", "Running": True},
            "Config": configuration,
            "NetworkSettings": {"Ports": ports},
        }

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        for one in self._sockets:
            one.close()


@contextmanager
def engine(*images: str) -> Iterator[Engine]:
    server = Engine(frozenset(images))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


def _listen(sockets: list[socket.socket], configuration: dict[str, Any]) -> dict[str, str]:
    listener = socket.create_server(("127.0.0.1", 0))
    sockets.append(listener)
    words = VALKEY_IS_CONTENT if "valkey" in configuration["Image"] else POSTGRES_ASKS_FOR_A_PASSWORD
    Thread(target=_greet, args=(listener, words), daemon=True).start()
    return {"HostIp": "127.0.0.1", "HostPort": str(listener.getsockname()[1])}


def _greet(listener: socket.socket, words: bytes) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(256)
            connection.sendall(words)


class _Handler(BaseHTTPRequestHandler):
    server: Engine

    def do_GET(self) -> None:
        parts = self._path()
        match parts:
            case ["version"]:
                self._say(200, {"ApiVersion": "1.44", "Version": "27", "MinAPIVersion": "1.24"})
            case ["_ping"]:
                self._say(200, {})
            case ["containers", "json"]:
                self._say(200, [{"Id": name} for name in self._matching()])
            case ["containers", name, "json"] if name in self.server.containers:
                self._say(200, self.server.containers[name])
            case ["images", *name, "json"] if "/".join(name) in self.server.images:
                self._say(200, {"Id": "sha256:0", "Config": {}})
            case ["images", *name, "json"]:
                self._say(404, {"message": f"No such image: {'/'.join(name)}"})
            case ["containers", _, "logs"]:
                self._say(200, None)
            case _:
                self._say(404, {"message": f"no such thing: {'/'.join(parts)}"})

    def do_POST(self) -> None:
        match self._path():
            case ["containers", "create"]:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if body["Image"] not in self.server.images:
                    self._say(404, {"message": f"No such image: {body['Image']}"})
                    return
                name = f"container-{len(self.server.containers) + len(self.server.removed)}"
                self.server.add(name, body)
                self._say(201, {"Id": name, "Warnings": []})
            case ["containers", _, "start"] if not self.server.broken:
                self._say(204, None)
            case ["images", "create"]:
                self._say(500, {"message": "lookup registry.example: no such host"})
            case parts:
                self._say(409, {"message": f"cannot {'/'.join(parts)}"})

    def do_DELETE(self) -> None:
        name = self._path()[1]
        known = self.server.containers.pop(name, None)
        if known is not None:
            self.server.removed.append(name)
        self._say(204 if known else 404, None if known else {"message": "no such container"})

    def _path(self) -> list[str]:
        parts = urlsplit(self.path).path.strip("/").split("/")
        return parts[1:] if parts[0].startswith("v1.") else parts

    def _matching(self) -> list[str]:
        wanted = json.loads(parse_qs(urlsplit(self.path).query).get("filters", ["{}"])[0]).get("label", [])
        return [
            name
            for name, container in self.server.containers.items()
            if all(
                container["Config"].get("Labels", {}).get(key) == value
                for key, _, value in (label.partition("=") for label in wanted)
            )
        ]

    def _say(self, status: int, document: Any) -> None:
        body = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, *_: object) -> None:
        return
