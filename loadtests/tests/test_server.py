"""The test server does what it is told, or nothing that it proves would be true."""

import socket
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from harness.load_result import LoadVerdict
from harness.target import Target
from loadtests.options import make_job
from loadtests.tests.behaviour import Behaviour, read_behaviour, read_latencies
from loadtests.tests.conftest import StartServer
from loadtests.tests.driving import drive, drive_validly

pytestmark = pytest.mark.alone

TargetOf = Callable[..., Target]
SHARES = "5:0.9,100:0.09,900:0.01"


@pytest.mark.parametrize("first", [0, 1, 77, 12345])
def test_any_hundred_requests_have_the_stated_latencies(first: int) -> None:
    behaviour = read_behaviour(["--latencies", SHARES])
    seen = [behaviour.latency_of(number) for number in range(first, first + 100)]
    assert Counter(seen) == {0.005: 90, 0.1: 9, 0.9: 1}
    assert all(pair != (0.1, 0.1) for pair in pairwise(seen))


@pytest.mark.parametrize("text", ["5:0.9", "5:0.995,9:0.005", "5", "5:0.9,9:x", "5:1.2,9:-0.2"])
def test_shares_that_do_not_make_a_distribution_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the conversion's own words
        read_latencies(text)


def test_the_kit_measures_the_percentiles_of_a_known_distribution(
    start_server: StartServer, target_of: TargetOf
) -> None:
    url = start_server("--latencies", "5:0.9,400:0.09,1500:0.01")
    whole = drive_validly(make_job(target_of(url), "search", duration=3)).group()
    assert whole is not None
    latency = whole.latency
    assert latency is not None
    assert 5 <= latency.p50 <= latency.p90 < 400 <= latency.p95 <= latency.p99 < 1500 <= latency.p999


def test_more_than_it_does_at_once_wait_and_the_kit_counts_it_as_latency(
    start_server: StartServer, target_of: TargetOf
) -> None:
    """Twenty a second where forty are asked for: the last of 3 s waits for 3 s more."""
    url = start_server("--at-once", "1", "--latency", "0.05")
    result = drive_validly(make_job(target_of(url), "search", duration=3, rate=40))
    whole, last = result.group(), result.timeline[-1]
    assert result.verdict is LoadVerdict.FAIL
    assert whole is not None
    assert whole.statuses == {"200": 120}
    assert last.p50 is not None
    assert last.p50 > 2000


def test_more_connections_than_it_takes_are_closed(start_server: StartServer) -> None:
    address = urlsplit(start_server("--connections", "2"))
    ask = b"GET /v1/marketplace/vendors HTTP/1.1\r\nHost: it\r\n\r\n"
    with (
        socket.create_connection((address.hostname, address.port), timeout=10) as first,
        socket.create_connection((address.hostname, address.port), timeout=10) as second,
    ):
        for kept in (first, second):
            kept.sendall(ask)
            assert kept.recv(65536).startswith(b"HTTP/1.1 200")
        with socket.create_connection((address.hostname, address.port), timeout=10) as third:
            assert third.recv(65536) == b""
        first.sendall(ask)
        assert first.recv(65536).startswith(b"HTTP/1.1 200")


def test_from_a_moment_on_it_is_slower(start_server: StartServer, target_of: TargetOf) -> None:
    """The look before the run is its first request, so that the moment comes in the run's first second."""
    url = start_server("--slow-from", "1", "--slow-by", "0.4")
    result = drive(make_job(target_of(url), "search", duration=3))
    early, *_, late = result.timeline
    assert early.p50 is not None
    assert late.p50 is not None
    assert early.p50 < 400 <= late.p50


def test_what_it_is_told_twice_over_adds_up() -> None:
    behaviour = Behaviour(latency=0.1, slow_from=5, slow_by=0.4, freeze_every=10, freeze_for=1)
    delays = [behaviour.delay(1, since, hungover=False) for since in (4.0, 5.0, 10.5)]
    assert delays == pytest.approx([0.1, 0.5, 1.0])
