"""A scripted vendor on loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Script = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class VendorServer:
    """Where it listens, what it was asked, and how many asked at once at most."""

    url: str = ""
    port: int = 0
    heads: list[bytes] = field(default_factory=list)
    busy: int = 0
    busiest: int = 0


@asynccontextmanager
async def serving(script: Script) -> AsyncIterator[VendorServer]:
    """Answers each connection's one request by the script, which is given its path."""
    vendor = VendorServer()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        vendor.busy += 1
        vendor.busiest = max(vendor.busiest, vendor.busy)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            vendor.heads.append(head)
            await script(head.split(b" ")[1].decode(), writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the checker has had enough, as some tests want it to
        finally:
            vendor.busy -= 1
            writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    vendor.port = server.sockets[0].getsockname()[1]
    vendor.url = f"http://127.0.0.1:{vendor.port}"
    try:
        yield vendor
    finally:
        server.close()


def answering(content: bytes) -> Script:
    async def script(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(content)

    return script


def status(code: int, *headers: str, body: str = "") -> bytes:
    lines = (f"HTTP/1.1 {code} Whatever", f"Content-Length: {len(body.encode())}", *headers, "", body)
    return "\r\n".join(lines).encode()
