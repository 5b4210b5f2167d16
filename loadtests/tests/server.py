"""A target whose latency is known: for proving that the load kit tells the truth.

Run as `python -m loadtests.tests.server`; prints its base URL when it listens. Times are in seconds and
count from the first request to the marketplace.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from dataclasses import dataclass
from typing import TypeAlias

Answer: TypeAlias = tuple[int, bytes]

_VENDOR = {"id": 1, "slug": "acme", "serviceName": "Acme", "category": "weather"}
_SEARCH = json.dumps({"vendors": [_VENDOR], "total": 1, "hasMore": False, "categories": []}).encode()
_EMPTY = json.dumps({"vendors": [], "total": 0, "hasMore": False, "categories": []}).encode()
_FEATURED = json.dumps({"vendors": [_VENDOR]}).encode()
_CATEGORIES = json.dumps({"categories": [{"category": "weather", "count": 1}]}).encode()
_DETAILS = json.dumps({**_VENDOR, "metrics": {}, "endpoints": []}).encode()


@dataclass(frozen=True)
class Behaviour:
    """What the server does to a request; all off by default but for a constant latency."""

    latency: float = 0.0
    freeze_every: float = 0.0  # at the start of each period, nothing is answered for freeze_for
    freeze_for: float = 0.0
    error_every: int = 0  # each n-th answer is a 500
    empty: bool = False  # searches find nothing
    die_at: int = 0  # it is gone when the n-th request comes
    slow_from: float = 0.0  # from here on, answers take slow_by longer
    slow_by: float = 0.0
    limit: int = 0  # answers to one client address before it gets 429s
    only_search: bool = False


class Server:
    """Answers HTTP/1.1 GETs on kept connections, one after the other on each."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.count = 0
        self.started: float | None = None
        self.clients: dict[str, int] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode("latin-1")
                status, body = await self.answer(path, self.client(head, writer))
                writer.write(
                    f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        writer.close()

    def client(self, head: bytes, writer: asyncio.StreamWriter) -> str:
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"x-forwarded-for:"):
                return line.split(b":", 1)[1].strip().decode()
        return str(writer.get_extra_info("peername")[0])

    async def answer(self, path: str, client: str) -> Answer:
        if path == "/stats":
            return 200, json.dumps(self.clients).encode()
        now = asyncio.get_running_loop().time()
        if self.started is None:
            self.started = now
        since = now - self.started
        self.clients[client] = self.clients.get(client, 0) + 1
        if sum(self.clients.values()) == self.behaviour.die_at:
            os._exit(1)
        delay = self.delay(since)
        if delay > 0:
            await asyncio.sleep(delay)
        return self.content(path, client)

    def delay(self, since: float) -> float:
        """Latency, plus what is left of a freeze: requests wait until it ends, then all are answered."""
        b = self.behaviour
        delay = b.latency + (b.slow_by if b.slow_from and since >= b.slow_from else 0.0)
        if b.freeze_every:
            delay += max(0.0, b.freeze_for - since % b.freeze_every)
        return delay

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


def read_arguments(arguments: list[str]) -> Behaviour:
    parser = argparse.ArgumentParser()
    for name, default in vars(Behaviour()).items():
        flag = "--" + name.replace("_", "-")
        if isinstance(default, bool):
            parser.add_argument(flag, action="store_true")
        else:
            parser.add_argument(flag, type=type(default), default=default)
    return Behaviour(**vars(parser.parse_args(arguments)))


async def main(behaviour: Behaviour) -> None:
    server = await asyncio.start_server(Server(behaviour).serve, "127.0.0.1", 0, backlog=4096)
    host, port = server.sockets[0].getsockname()[:2]
    print(f"http://{host}:{port}", flush=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    # The tests hold our standard input: when they die, it ends, and so do we.
    asyncio.get_running_loop().add_reader(sys.stdin, stop.set)
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(read_arguments(sys.argv[1:])))
