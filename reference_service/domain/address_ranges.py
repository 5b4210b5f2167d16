"""Which addresses may be dialled: globally routable unicast, decided by an explicit table.

`ipaddress.is_global` is no substitute: it calls multicast, 6to4, Teredo and NAT64 addresses global.
The ranges are those of RFC 6890 and of the IANA special-purpose registries that follow it. An IPv6
range whose addresses embed an IPv4 address is refused whole, whatever it embeds: RFC 6890 lists all of
them, and no vendor has a reason to publish one.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

REFUSED_IPV4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "IETF protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112 anycast"),
        ("192.52.193.0/24", "AMT anycast"),
        ("192.88.99.0/24", "6to4 relay anycast"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112 anycast"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved and broadcast"),
    )
)

# Outside it lie loopback, IPv4-mapped and -compatible, NAT64, discard-only, unique local, link-local,
# site-local, multicast and everything that is not assigned.
GLOBAL_UNICAST_IPV6 = IPv6Network("2000::/3")

REFUSED_IPV6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("2001::/23", "IETF protocol assignments: Teredo, ORCHID, benchmarking, AMT"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112 anycast"),
        ("3ffe::/16", "6bone, returned"),
        ("3fff::/20", "documentation"),
    )
)


def why_refused(address: Address) -> str | None:
    """The range that an address must not be dialled for, or None where it is globally routable unicast."""
    if isinstance(address, IPv4Address):
        return next((why for network, why in REFUSED_IPV4 if address in network), None)
    if address not in GLOBAL_UNICAST_IPV6:
        return "not global unicast"
    return next((why for network, why in REFUSED_IPV6 if address in network), None)


def is_permitted(address: Address, allowed: tuple[Network, ...] = ()) -> bool:
    """Whether an address may be dialled; `allowed` are ranges that configuration opens."""
    return why_refused(address) is None or any(address in network for network in allowed)
