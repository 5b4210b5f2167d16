from ipaddress import ip_network

import pytest

from reference_service.domain.rate import Hit, RateLimit, client_of

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
LIMIT = RateLimit(requests=2, seconds=60)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.1.1.1", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        ("10.0.0.1", "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
        ("10.0.0.1", "spoofed, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("2001:db8:1:2:aaaa::1", None, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", None, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", None, "192.0.2.1"),
        ("fd00::1", "192.0.2.8", "192.0.2.8"),
        ("unix", "192.0.2.8", "unix"),
    ],
)
def test_who_a_request_counts_for(peer: str, forwarded: str | None, client: str) -> None:
    assert client_of(peer, forwarded, TRUSTED) == client


def test_a_full_window_is_served_again_when_its_oldest_request_leaves_it() -> None:
    hit = Hit(LIMIT, served=False, count=2, oldest=1000.25, now=1010.5)
    assert (hit.remaining, hit.reset, hit.retry_after) == (0, 1061, 50)


def test_while_requests_remain_the_reset_is_within_the_window() -> None:
    hit = Hit(LIMIT, served=True, count=1, oldest=1000.75, now=1000.75)
    assert (hit.remaining, hit.reset) == (1, 1060)
