"""Opens a connection to one pinned address; there is no other way out of a worker."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from reference_service.domain.address_ranges import Address


class Connection(Protocol):
    """Bytes both ways; `read` gives none at the end."""

    def write(self, data: bytes) -> None: ...

    async def read(self, size: int) -> bytes: ...

    def close(self) -> None: ...


Dial: TypeAlias = Callable[[Address, int, str | None], Awaitable[Connection]]
"""Address, port, and the name to verify over TLS (None: no TLS); raises OSError."""


class NetworkDialler:
    """Dials over the network; knows no names and no proxies, only addresses."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls

    async def __call__(self, address: Address, port: int, server_name: str | None) -> Connection:
        reader, writer = await asyncio.open_connection(
            str(address),
            port,
            ssl=self._tls if server_name is not None else None,
            server_hostname=server_name,
        )
        return _Streams(reader, writer)


@dataclass(frozen=True, slots=True)
class _Streams:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def read(self, size: int) -> bytes:
        return await self.reader.read(size)

    def close(self) -> None:
        # A peer that never reads or never says goodbye must not hold the check up.
        self.writer.transport.abort()


def client_tls() -> ssl.SSLContext:
    """TLS as a careful client speaks it: certificates and names are verified."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
