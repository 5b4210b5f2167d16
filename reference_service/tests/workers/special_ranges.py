"""Addresses that must never be dialled, listed apart from the guard's own table, and ways to write them."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

SPECIAL_IPV4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
SPECIAL_IPV6 = tuple(
    IPv6Network(text)
    for text in (
        "::/128",
        "::1/128",
        "::ffff:0:0/96",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001::/32",
        "2001:2::/48",
        "2001:10::/28",
        "2001:20::/28",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3ffe::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
PUBLIC_NEIGHBOURS = (
    *("1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"),
    *("128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255"),
    *("192.0.1.0", "192.0.1.255", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255"),
    *("192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255"),
    *("203.0.114.0", "223.255.255.255", "8.8.8.8"),
    *("192.31.195.255", "192.31.197.0", "192.52.192.255", "192.52.194.0", "192.175.47.255", "192.175.49.0"),
    *("2001:200::1", "2001:db7:ffff::1", "2001:db9::1", "2003::1", "2606:4700::1111", "2a00::1"),
    *("2620:4f:7fff::1", "2620:4f:8001::1", "3ffd:ffff::1", "3fff:1000::1"),
)


def edges(network: IPv4Network | IPv6Network) -> tuple[int, ...]:
    """The first, a middle and the last address."""
    first, last = int(network.network_address), int(network.broadcast_address)
    return (first, (first + last) // 2 + 1 if last > first + 1 else last, last)


def embeddings(address: IPv4Address) -> Iterator[tuple[str, IPv6Address]]:
    """Every form in which an IPv6 address carries this one."""
    number = int(address)
    yield "mapped", IPv6Address(0xFFFF << 32 | number)
    yield "compatible", IPv6Address(number)
    yield "nat64", IPv6Address(0x0064FF9B << 96 | number)
    yield "nat64-local", IPv6Address(0x0064FF9B0001 << 80 | number)
    yield "6to4", IPv6Address(0x2002 << 112 | number << 80 | 1)
    yield "teredo-client", IPv6Address(0x20010000 << 96 | 0x0808_0808 << 64 | (number ^ 0xFFFFFFFF))
    yield "teredo-server", IPv6Address(0x20010000 << 96 | number << 64 | 0x0808_0808 ^ 0xFFFFFFFF)


def spellings(address: IPv4Address) -> Iterator[tuple[str, str]]:
    """Ways to write an IPv4 address that getaddrinfo takes, or might."""
    a, b, c, d = address.packed
    yield "dotted", str(address)
    yield "decimal", str(int(address))
    yield "hex", f"0x{int(address):x}"
    yield "octal", f"0{int(address):o}"
    yield "dotted-hex", f"{a:#x}.{b:#x}.{c:#x}.{d:#x}"
    yield "dotted-octal", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}"
    yield "short-2", f"{a}.{b << 16 | c << 8 | d}"
    yield "short-3", f"{a}.{b}.{c << 8 | d}"
    yield "full-width", "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in str(address))
    yield "full-stop", str(address).replace(".", "\u3002")
    yield "trailing-dot", f"{address}."


def ipv6_spellings(address: IPv6Address) -> Iterator[tuple[str, str]]:
    yield "compressed", f"[{address.compressed}]"
    yield "exploded", f"[{address.exploded}]"
    yield "upper", f"[{address.exploded.upper()}]"
    yield "zone", f"[{address.compressed}%lo]"
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    yield "dotted-end", f"[{address.exploded[:30]}{low}]"


def forbidden_hosts() -> Iterator[tuple[str, str]]:
    """Hosts as a URL has them, with what they are."""
    for network in SPECIAL_IPV4:
        for number in edges(network):
            address = IPv4Address(number)
            for form, host in spellings(address):
                yield f"{address}-{form}", host
            for form, embedded in embeddings(address):
                for spelling, host in ipv6_spellings(embedded):
                    yield f"{address}-{form}-{spelling}", host
    for network6 in SPECIAL_IPV6:
        for number in edges(network6):
            for spelling, host in ipv6_spellings(IPv6Address(number)):
                yield f"{IPv6Address(number)}-{spelling}", host


def special_addresses() -> Iterator[str]:
    for network in SPECIAL_IPV4:
        for number in edges(network):
            yield str(IPv4Address(number))
            yield from (str(embedded) for _, embedded in embeddings(IPv4Address(number)))
    for network6 in SPECIAL_IPV6:
        yield from (str(IPv6Address(number)) for number in edges(network6))
