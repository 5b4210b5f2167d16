"""Clients of their own: each item, at each attempt, comes from an address that no other used."""

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

    def open(self, url: str, target: Target, timeout: float) -> httpx.Client:
        """A fresh HTTP client for one URL; it follows no redirect and ignores proxies of the environment.

        The profile's headers, which may be credentials, go to the target's own origins only.
        """
        # The source addresses of loopback cannot reach anything but loopback.
        transport = httpx.HTTPTransport(local_address=self.source, verify=_trust(url))
        headers = dict(target.headers) if _is_ours(url, target) else {}
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


def _is_ours(url: str, target: Target) -> bool:
    origins = {urlsplit(known)[:2] for known in (target.base_url, target.console_url) if known}
    return urlsplit(url)[:2] in origins


def _trust(url: str) -> ssl.SSLContext | bool:
    # Reading the machine's certificates takes longer than a request: only where they are needed.
    return ssl.create_default_context() if url.startswith("https:") else False


def _dotted(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
