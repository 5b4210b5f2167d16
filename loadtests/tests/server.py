"""A target whose latency is known: for proving that the load kit tells the truth.

Run as `python -m loadtests.tests.server`; prints its base URL when it listens. Times are in seconds and
count from the first request to the marketplace.
"""

import asyncio
import contextlib
import json
import os
import signal
import ssl
import sys
from pathlib import Path
from typing import TypeAlias

from loadtests.tests.behaviour import Behaviour, read_behaviour

Answer: TypeAlias = tuple[int, bytes]

_VENDOR = {"id": 1, "slug": "acme", "serviceName": "Acme", "category": "weather"}
_SEARCH = json.dumps({"vendors": [_VENDOR], "total": 1, "hasMore": False, "categories": []}).encode()
_EMPTY = json.dumps({"vendors": [], "total": 0, "hasMore": False, "categories": []}).encode()
_FEATURED = json.dumps({"vendors": [_VENDOR]}).encode()
_CATEGORIES = json.dumps({"categories": [{"category": "weather", "count": 1}]}).encode()
_DETAILS = json.dumps({**_VENDOR, "metrics": {}, "endpoints": []}).encode()


class Server:
    """Answers HTTP/1.1 GETs on kept connections, one after the other on each."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.count = 0
        self.open = 0
        self.started: float | None = None
        self.last_hot = -1e9
        self.clients: dict[str, int] = {}
        self.arrivals: list[float] = []  # when each request came, by the loop's clock
        self.kept = bytearray()
        self.turns = asyncio.Semaphore(behaviour.at_once or 1_000_000)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while not 0 < self.behaviour.connections < self.open:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode("latin-1")
                status, body = await self.answer(path, self.client(head, writer))
                last = "Connection: close\r\n" if self.behaviour.close else ""
                writer.write(
                    f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{last}"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
                if self.behaviour.close:
                    break
        self.open -= 1
        writer.close()

    def client(self, head: bytes, writer: asyncio.StreamWriter) -> str:
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"x-forwarded-for:"):
                return line.split(b":", 1)[1].strip().decode()
        return str(writer.get_extra_info("peername")[0])

    async def answer(self, path: str, client: str) -> Answer:
        now = asyncio.get_running_loop().time()
        if path in ("/stats", "/arrivals", "/metrics"):
            return 200, self.own(path)
        if self.started is None:
            self.started = now
        self.arrivals.append(now)
        self.clients[client] = self.clients.get(client, 0) + 1
        number = len(self.arrivals)
        if number == self.behaviour.die_at:
            os._exit(1)
        self.leak(now - self.started)
        async with self.turns:
            delay = self.behaviour.delay(number, now - self.started, hungover=self.hungover(now))
            if delay > 0:
                await asyncio.sleep(delay)
        return self.content(path, client)

    def own(self, path: str) -> bytes:
        if path == "/metrics":
            counted = len(self.arrivals) // self.behaviour.counts_every
            return f'http_requests_total{{path="/v1"}} {counted}\n'.encode()
        return json.dumps(self.clients if path == "/stats" else self.arrivals).encode()

    def hungover(self, now: float) -> bool:
        """Whether it was hot, is not any more, and has not yet recovered."""
        b, came = self.behaviour, self.arrivals
        if not b.hot_rate:
            return False
        if len(came) > b.hot_rate and now - came[-b.hot_rate - 1] < 1:
            self.last_hot = now
            return False
        return now - self.last_hot < b.hangover

    def leak(self, since: float) -> None:
        """Grown in place and touched: an object of its own for each request would be rounded up."""
        missing = int(self.behaviour.leak_mb * 1e6 * since / 60) - len(self.kept)
        if missing > 0:
            self.kept += os.urandom(1) * missing

    def content(self, path: str, client: str) -> Answer:
        b = self.behaviour
        self.count += 1
        if b.limit and self.clients[client] > b.limit:
            return 429, b'{"error": "rate_limited", "message": "too many"}'
        if b.error_every and self.count % b.error_every == 0:
            return 500, b'{"error": "internal_error", "message": "as told"}'
        if path.startswith("/v1/marketplace/vendors?") or path == "/v1/marketplace/vendors":
            return 200, _EMPTY if b.empty else _SEARCH
        known = {
            "/v1/marketplace/vendors/featured": _FEATURED,
            "/v1/marketplace/categories": _CATEGORIES,
            "/v1/marketplace/vendors/acme": _DETAILS,
        }
        if path in known and not b.only_search:
            return 200, known[path]
        return 404, b'{"error": "not_found", "message": "no such page"}'


def tls(certificate: str) -> ssl.SSLContext | None:
    if not certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def main(behaviour: Behaviour) -> None:
    context = tls(behaviour.certificate)
    server = await asyncio.start_server(Server(behaviour).serve, "127.0.0.1", 0, backlog=4096, ssl=context)
    host, port = server.sockets[0].getsockname()[:2]
    if behaviour.pidfile:
        Path(behaviour.pidfile).write_text(str(os.getpid()))
    print(f"{'https' if context else 'http'}://{host}:{port}", flush=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    # The tests hold our standard input: when they die, it ends, and so do we.
    asyncio.get_running_loop().add_reader(sys.stdin, stop.set)
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(read_behaviour(sys.argv[1:])))
