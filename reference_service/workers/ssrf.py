"""The guard in front of every connection: it resolves a name once, checks every answer and pins them."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import SplitResult, quote, urlsplit

from reference_service.domain.address_ranges import Address, Network, is_permitted
from reference_service.domain.health import Reason
from reference_service.workers.daemon_threads import DaemonThreads

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL_LENGTH = 8192
MAX_HOST_LENGTH = 253
_UNWANTED = re.compile(r"[\x00-\x20\x7f-\xa0\\\ud800-\udfff]")
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+(?:%[a-z0-9._-]+)?", re.ASCII)
_SAFE_IN_TARGET = "/?#[]@!$&'()*+,;=:%-._~|"

Resolver: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to addresses, as text; raises OSError where the name has none."""
Lookup: TypeAlias = Callable[[str, int], Sequence[str]]
"""The same, waiting for the answer."""


class RefusedError(Exception):
    """A URL that must not, or cannot, be dialled."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.value)


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL taken apart: `host` is ASCII, as Host header and SNI want it; `target` is path and query."""

    secure: bool
    host: str
    port: int
    authority: str
    target: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """A destination and the only addresses that may be dialled for it."""

    destination: Destination
    addresses: tuple[Address, ...]


class Guard:
    """Turns a URL into a destination with checked addresses, or refuses it."""

    def __init__(self, resolve: Resolver, allowed: tuple[Network, ...] = ()) -> None:
        self._resolve = resolve
        self._allowed = allowed

    async def pin(self, url: str) -> Pinned:
        """Raises RefusedError; one forbidden answer among several refuses the name."""
        destination = parse(url)
        try:
            answers = await self._resolve(destination.host, destination.port)
            addresses = tuple(dict.fromkeys(_address(answer) for answer in answers))
        except UnicodeError:
            raise RefusedError(Reason.INVALID_URL) from None
        except (OSError, ValueError):
            raise RefusedError(Reason.DNS_FAILURE) from None
        if not addresses:
            raise RefusedError(Reason.DNS_FAILURE)
        if not all(is_permitted(address, self._allowed) for address in addresses):
            raise RefusedError(Reason.BLOCKED_ADDRESS)
        return Pinned(destination, addresses)


def parse(url: str) -> Destination:
    """Take apart an http or https URL without credentials. Raises RefusedError."""
    if len(url) > MAX_URL_LENGTH or _UNWANTED.search(url):
        raise RefusedError(Reason.INVALID_URL)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise RefusedError(Reason.INVALID_URL) from None
    if not parts.scheme:
        raise RefusedError(Reason.INVALID_URL)
    if parts.scheme not in DEFAULT_PORTS:
        raise RefusedError(Reason.BLOCKED_SCHEME)
    if "@" in parts.netloc:
        raise RefusedError(Reason.BLOCKED_CREDENTIALS)
    if port == 0:
        raise RefusedError(Reason.INVALID_URL)
    default = DEFAULT_PORTS[parts.scheme]
    host = _ascii_host(parts)
    bracketed = f"[{host}]" if ":" in host else host
    return Destination(
        secure=parts.scheme == "https",
        host=host,
        port=port or default,
        authority=bracketed if port in (None, default) else f"{bracketed}:{port}",
        target=_request_target(parts),
    )


def _ascii_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host or len(host) > MAX_HOST_LENGTH:
        raise RefusedError(Reason.INVALID_URL)
    try:
        host = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise RefusedError(Reason.INVALID_URL) from None
    # IDNA maps some letters to spaces and signs, which have no place in a Host header.
    if not _HOST.fullmatch(host):
        raise RefusedError(Reason.INVALID_URL)
    return host


def _request_target(parts: SplitResult) -> str:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(target, safe=_SAFE_IN_TARGET)


def _address(text: str) -> Address:
    address = ipaddress.ip_address(text)
    # A zone would choose the interface, so it would dial more than what was checked.
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id is not None:
        return ipaddress.IPv6Address(int(address))
    return address


class SystemResolver:
    """The operating system's resolver, on threads of its own so that slow names delay no other work."""

    def __init__(self, threads: int, look_up: Lookup | None = None) -> None:
        self._threads = DaemonThreads(threads, "resolve")
        self._look_up = look_up or _look_up

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        try:
            return self.literal(host, port)
        except socket.gaierror:
            return await asyncio.wrap_future(self._threads.submit(lambda: self._look_up(host, port)))

    def literal(self, host: str, port: int) -> Sequence[str]:
        """The address that a host spells, in any spelling; asks nobody. Raises socket.gaierror for a name."""
        return _look_up(host, port, socket.AI_NUMERICHOST)

    def close(self) -> None:
        self._threads.close()


def _look_up(host: str, port: int, flags: int = 0) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=flags)
    return [str(entry[4][0]) for entry in found]
