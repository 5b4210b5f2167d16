"""The guard's other rules: schemes, credentials, malformed URLs, allowed ranges, the resolver."""

import asyncio
import socket
import subprocess
import sys
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_service.domain.address_ranges import is_permitted, why_refused
from reference_service.domain.health import Reason
from reference_service.tests.workers.doubles import Names
from reference_service.tests.workers.special_ranges import SPECIAL_IPV4, SPECIAL_IPV6, embeddings
from reference_service.workers.ssrf import Destination, Guard, Pinned, RefusedError, SystemResolver, parse


def pin(url: str, names: Names, *allowed: str) -> Pinned:
    return asyncio.run(Guard(names, tuple(map(ip_network, allowed))).pin(url))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://vendor.test/", Reason.BLOCKED_SCHEME),
        ("file:///etc/passwd", Reason.BLOCKED_SCHEME),
        ("gopher://vendor.test/", Reason.BLOCKED_SCHEME),
        ("javascript:alert(1)", Reason.BLOCKED_SCHEME),
        ("http://user@vendor.test/", Reason.BLOCKED_CREDENTIALS),
        ("http://user:secret@vendor.test/", Reason.BLOCKED_CREDENTIALS),
        ("http://@vendor.test/", Reason.BLOCKED_CREDENTIALS),
        ("http://vendor.test\\@127.0.0.1/", Reason.INVALID_URL),
        ("", Reason.INVALID_URL),
        ("/health", Reason.INVALID_URL),
        ("http://", Reason.INVALID_URL),
        ("http:///health", Reason.INVALID_URL),
        ("http://vendor.test:0/", Reason.INVALID_URL),
        ("http://vendor.test:65536/", Reason.INVALID_URL),
        ("http://vendor.test:http/", Reason.INVALID_URL),
        ("http://[::1", Reason.INVALID_URL),
        ("http://vendor..test/", Reason.INVALID_URL),
        (f"http://{'a' * 64}.test/", Reason.INVALID_URL),
        (f"http://{'a.' * 200}test/", Reason.INVALID_URL),
        ("http://vendor.test/a b", Reason.INVALID_URL),
        ("http://vendor.test/\r\nHost: other", Reason.INVALID_URL),
        ("http://vendor.test/\ud800", Reason.INVALID_URL),
        ("http://vendor.test/" + "a" * 9000, Reason.INVALID_URL),
        ("http://unknown.test/", Reason.DNS_FAILURE),
    ],
)
def test_what_is_refused_for_its_url(url: str, reason: Reason) -> None:
    with pytest.raises(RefusedError) as refused:
        pin(url, Names({"vendor.test": [["93.184.216.34"]]}))
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://Vendor.TEST", Destination(False, "vendor.test", 80, "vendor.test", "/")),
        ("https://vendor.test/a?b=c#d", Destination(True, "vendor.test", 443, "vendor.test", "/a?b=c")),
        ("HTTP://vendor.test:443/", Destination(False, "vendor.test", 443, "vendor.test:443", "/")),
        ("http://[2606:4700::1]:81/", Destination(False, "2606:4700::1", 81, "[2606:4700::1]:81", "/")),
        (
            "http://büro.test/ü%20",
            Destination(False, "xn--bro-hoa.test", 80, "xn--bro-hoa.test", "/%C3%BC%20"),
        ),
    ],
)
def test_how_a_url_is_taken_apart(url: str, expected: Destination) -> None:
    assert parse(url) == expected


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    for url in (text, "http://" + text, "http://vendor.test/" + text):
        try:
            destination = parse(url)
        except RefusedError:
            continue
        assert destination.host.isascii()
        assert destination.target.isascii()
        assert not set(destination.target + destination.authority) & set(" \r\n\0")


@given(st.sampled_from(SPECIAL_IPV4), st.data())
def test_every_address_of_a_special_range_and_every_embedding_of_it_is_refused(
    network: IPv4Network, data: st.DataObject
) -> None:
    address = IPv4Address(data.draw(st.integers(int(network[0]), int(network[-1]))))
    assert not is_permitted(address)
    assert not any(is_permitted(embedded) for _, embedded in embeddings(address))


@given(st.ip_addresses(v=6))
def test_ipv6_is_refused_by_the_special_ranges_and_outside_global_unicast(address: IPv6Address) -> None:
    if any(address in network for network in SPECIAL_IPV6) or int(address) >> 125 != 1:
        assert why_refused(address)


@given(st.ip_addresses())
def test_what_is_permitted_is_also_global_to_python(address: IPv4Address | IPv6Address) -> None:
    if is_permitted(address):
        assert address.is_global
        assert not address.is_multicast


def test_configuration_can_open_a_range_and_no_more() -> None:
    names = Names({"vendor.test": [["127.0.0.1"]], "localhost": [["127.0.0.1", "::1"]]})
    assert pin("http://vendor.test/", names, "127.0.0.0/8").addresses == (IPv4Address("127.0.0.1"),)
    for url in ("http://localhost/", "http://[::ffff:127.0.0.1]/", "http://10.0.0.1/"):
        with pytest.raises(RefusedError):
            pin(url, names, "127.0.0.0/8")


def test_a_name_without_answers_and_one_with_nonsense_cannot_be_resolved() -> None:
    for answers in ([], ["not an address"]):
        with pytest.raises(RefusedError) as refused:
            pin("http://vendor.test/", Names({"vendor.test": [answers]}))
        assert refused.value.reason is Reason.DNS_FAILURE


def test_a_zone_is_not_dialled_with_its_address() -> None:
    names = Names({"vendor.test": [["2606:4700::1111%lo"]]})
    assert pin("http://vendor.test/", names).addresses == (IPv6Address("2606:4700::1111"),)


def test_the_system_resolver_knows_localhost_and_every_spelling() -> None:
    resolver = SystemResolver(1)
    try:
        assert set(asyncio.run(resolver("localhost", 80))) <= {"127.0.0.1", "::1"}
        assert asyncio.run(resolver("0x7f.1", 80)) == ["127.0.0.1"]
    finally:
        resolver.close()


HANGING = """
import asyncio, threading
from reference_service.workers.ssrf import SystemResolver

async def ask():
    try:
        async with asyncio.timeout(0.1):
            await SystemResolver(1, lambda host, port: threading.Event().wait())("vendor.test", 80)
    except TimeoutError:
        print("given up")

asyncio.run(ask())
"""


def test_a_lookup_that_hangs_holds_no_exit_up() -> None:
    command = [sys.executable, "-c", HANGING]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert (ended.stdout, ended.stderr) == ("given up\n", "")


def test_lookups_wait_for_a_thread_and_their_errors_are_told() -> None:
    def look_up(host: str, port: int) -> list[str]:
        if host == "nobody.test":
            raise socket.gaierror
        return [f"{host}:{port}"]

    async def ask(resolver: SystemResolver) -> list[object]:
        names = [f"vendor{number}.test" for number in range(5)]
        asked = (resolver(name, 80) for name in [*names, "nobody.test"])
        return list(await asyncio.gather(*asked, return_exceptions=True))

    resolver = SystemResolver(1, look_up)
    *found, failed = asyncio.run(ask(resolver))
    resolver.close()
    assert found == [[f"vendor{number}.test:80"] for number in range(5)]
    assert isinstance(failed, socket.gaierror)
