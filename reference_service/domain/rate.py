"""The rate limit's rule: at most so many requests served in any window; and who counts as one client."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class RateLimit:
    requests: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Hit:
    """What became of one request. Times are Unix seconds; `oldest` is the window's first served request."""

    limit: RateLimit
    served: bool
    count: int
    oldest: float
    now: float

    @property
    def remaining(self) -> int:
        return max(0, self.limit.requests - self.count)

    @property
    def reset(self) -> int:
        """Whole seconds: a time at which a request is served, within the window where that can be."""
        free = math.ceil(self.oldest + self.limit.seconds)
        return free if self.remaining == 0 else min(free, int(self.now) + self.limit.seconds)

    @property
    def retry_after(self) -> int:
        return max(1, math.ceil(self.oldest + self.limit.seconds - self.now))


def client_of(peer: str, forwarded_for: str | None, trusted: Iterable[Network]) -> str:
    """Who a request counts for: the nearest address that is not a trusted proxy's; of IPv6, its /64.

    `forwarded_for` is the header's value, its nearest hop last; it speaks only where the peer is trusted.
    """
    networks = tuple(trusted)
    client = _address(peer)
    if client is None:
        return peer
    for hop in reversed((forwarded_for or "").split(",")):
        if not _is_in(client, networks):
            break
        address = _address(hop)
        if address is None:
            break
        client = address
    return str(client) if isinstance(client, IPv4Address) else str(ip_network((client, 64), strict=False))


def _is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)


def _address(text: str) -> Address | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
