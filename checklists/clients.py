"""Clients of their own: each item, at each attempt, comes from an address that no other used."""

import functools
import random
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from harness.target import ClientIdentity, Target

# Apart from the low addresses that people, tests and load generators pick first.
_FIRST, _LAST = (127 << 24) + (64 << 16), (127 << 24) + (127 << 16) + 0xFFFF


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: a source address, a forwarded one, or neither. `shared` means that others are it too."""

    source: str | None = None
    forwarded: str | None = None

    @property
    def shared(self) -> bool:
        return self.source is None and self.forwarded is None

    def open(self, target: Target, timeout: float, *, with_headers: bool = True) -> httpx.Client:
        """A fresh HTTP client that follows no redirect and ignores proxies of the environment.

        `with_headers` sends the profile's headers, which may be credentials.
        """
        # The source addresses of loopback cannot reach anything but loopback.
        transport = httpx.HTTPTransport(local_address=self.source, verify=_trust())
        headers = dict(target.headers) if with_headers else {}
        if self.forwarded:
            headers["X-Forwarded-For"] = self.forwarded
        return httpx.Client(transport=transport, headers=headers, timeout=timeout, trust_env=False)


@dataclass(frozen=True, slots=True)
class Clients:
    """Makes clients; two of them are the same only by a chance of one in four million."""

    identity: ClientIdentity
    choose: random.Random = field(default_factory=random.SystemRandom)

    @classmethod
    def of(cls, target: Target) -> "Clients":
        # On IPv6 loopback has one address only.
        over_ipv6 = ":" in (urlsplit(target.base_url).hostname or "")
        if over_ipv6 and target.client_identity is ClientIdentity.SOURCE_ADDRESS:
            return cls(ClientIdentity.SINGLE)
        return cls(target.client_identity)

    def new(self) -> Client:
        match self.identity:
            case ClientIdentity.SOURCE_ADDRESS:
                return Client(source=_dotted(self.choose.randint(_FIRST, _LAST)))
            case ClientIdentity.FORWARDED:
                # 198.18.0.0/15 is set aside for benchmarks: nobody's address.
                return Client(forwarded=_dotted((198 << 24) + (18 << 16) + self.choose.randrange(1 << 17)))
        return Client()


@functools.cache
def _trust() -> ssl.SSLContext:
    """Reading the machine's certificates takes longer than a request: once is enough."""
    return ssl.create_default_context()


def _dotted(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
