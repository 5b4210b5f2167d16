"""Client identities: enough of them that none exceeds the target's rate limit, taken in turn."""

import ipaddress
import math
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from harness.errors import CouldNotDecideError
from harness.load_result import Stage
from harness.target import ClientIdentity, RateLimit, Target
from loadtests.arrivals import most_in_window

# The share of the limit that one identity uses: the rest is for warm-up requests and for clocks that differ.
_SHARE = 0.85
MOST_CONNECTIONS = 4000  # of all identities together; waiting for one is latency
_SOURCES = ipaddress.ip_network("127.128.0.0/9")
_FORWARDED = ipaddress.ip_network("198.18.0.0/15")  # for benchmarks, RFC 2544


@dataclass(frozen=True, slots=True)
class Identities:
    """The addresses that requests come from in turn, and how each is shown to the target."""

    kind: ClientIdentity
    addresses: tuple[str, ...]

    def source(self, number: int) -> str | None:
        """The address to connect from; None leaves it to the system."""
        return self.addresses[number] if self.kind is ClientIdentity.SOURCE_ADDRESS else None

    def headers(self, number: int) -> dict[str, str]:
        return {"X-Forwarded-For": self.addresses[number]} if self.kind is ClientIdentity.FORWARDED else {}


def choose_identities(target: Target, stages: Sequence[Stage], *, offset: int) -> Identities:
    """Identities for a run; a different `offset` gives different addresses, so runs do not share a limit.

    Raises CouldNotDecideError where the profile's client identity cannot carry the rate.
    """
    needed = how_many(stages, target.rate_limit)
    match target.client_identity:
        case ClientIdentity.SOURCE_ADDRESS:
            _check_source_address(target)
            return Identities(target.client_identity, _addresses(_SOURCES, needed, offset))
        case ClientIdentity.FORWARDED:
            return Identities(target.client_identity, _addresses(_FORWARDED, needed, offset))
    if needed > 1:
        limit = target.rate_limit
        raise CouldNotDecideError(
            f"{target.path}: client_identity is single, and one client may send {limit.requests} requests in "
            f"{limit.per_seconds} s: this load needs {needed} clients, or it would measure refusals",
            hint="set client_identity to forwarded or source_address, or rate_limit to what is allowed",
        )
    return Identities(ClientIdentity.SINGLE, ("",))


def how_many(stages: Sequence[Stage], limit: RateLimit) -> int:
    """Taken in turn, an identity sends at most its share of the limit in any of the limit's windows."""
    most = most_in_window(stages, limit.per_seconds)
    return math.ceil(most / max(1, math.floor(limit.requests * _SHARE)))


def _check_source_address(target: Target) -> None:
    host = urlsplit(target.base_url).hostname or ""
    if host != "localhost" and not host.startswith("127."):
        raise CouldNotDecideError(
            f"{target.path}: client_identity is source_address, which needs an IPv4 loopback base_url, "
            f"not {target.base_url}",
            hint="set client_identity to forwarded",
        )


def _addresses(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network, count: int, offset: int
) -> tuple[str, ...]:
    usable = network.num_addresses - 2
    if count > usable:
        raise CouldNotDecideError(f"the load needs {count} client addresses; {network} has {usable}")
    return tuple(str(network[1 + (offset + number) % usable]) for number in range(count))
