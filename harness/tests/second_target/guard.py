"""Which addresses a health check may dial."""

import ipaddress
import socket
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SPECIAL_4 = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24"
    " 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
)
SPECIAL_6 = "2001::/23 2001:db8::/32 2002::/16 3fff::/20"
_SPECIAL = tuple(ipaddress.ip_network(text) for text in f"{SPECIAL_4} {SPECIAL_6}".split())
_GLOBAL_6 = ipaddress.ip_network("2000::/3")


class BlockedError(Exception):
    """`str()` is the reason code."""


def choose(host: str, port: int, allowed: Sequence[Network]) -> tuple[str, int]:
    """The one address to dial. Raises BlockedError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise BlockedError("dns_failure") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        if not any(address in network for network in allowed) and not is_global(address):
            raise BlockedError("blocked_address")
    return str(addresses[0]), port


def is_global(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_6:
        return False
    return not any(address in network for network in _SPECIAL)
