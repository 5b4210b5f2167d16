"""Client identities stay under the target's rate limit."""

from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import CouldNotDecideError
from harness.load_result import Stage
from harness.target import RateLimit, Target
from loadtests.arrivals import ArrivalKind, arrivals
from loadtests.identities import choose_identities, how_many

STEADY = (Stage(phase="p", seconds=300, from_rate=100, to_rate=100),)


@settings(deadline=None)  # the machine may be busy
@given(st.floats(5, 200), st.floats(5, 200), st.integers(2, 200), st.integers(1, 20))
def test_taken_in_turn_no_identity_exceeds_the_limit(
    from_rate: float, to_rate: float, requests: int, window: int
) -> None:
    stages = (Stage(phase="p", seconds=30, from_rate=from_rate, to_rate=to_rate),)
    count = how_many(stages, RateLimit(requests, window))
    due = [arrival.due for arrival in arrivals(stages, ArrivalKind.CONSTANT, 0)]
    for begin in range(0, 30, 3):
        inside = Counter(n % count for n, moment in enumerate(due) if begin <= moment < begin + window)
        assert max(inside.values(), default=0) <= requests


def test_source_addresses_are_loopback_and_differ_from_run_to_run(target_of: Callable[..., Target]) -> None:
    target = target_of("http://127.0.0.1:1")
    one, two = (choose_identities(target, STEADY, offset=offset) for offset in (5, 90_000))
    assert len(one.addresses) == len(set(one.addresses)) >= 6000 / 100
    assert all(ip_address(address).is_loopback for address in one.addresses)
    assert not set(one.addresses) & set(two.addresses)
    assert one.source(0) == one.addresses[0]
    assert one.headers(0) == {}


def test_forwarded_identities_are_headers(target_of: Callable[..., Target]) -> None:
    target = target_of("http://10.0.0.1:1", "client_identity: forwarded")
    identities = choose_identities(target, STEADY, offset=0)
    assert identities.source(0) is None
    assert identities.headers(1) == {"X-Forwarded-For": identities.addresses[1]}


def test_a_single_client_says_why_it_cannot(target_of: Callable[..., Target]) -> None:
    target = target_of("http://10.0.0.1:1")
    with pytest.raises(CouldNotDecideError, match=r"client_identity is single.*100 requests in 60 s"):
        choose_identities(target, STEADY, offset=0)


def test_a_single_client_may_send_what_it_is_allowed(target_of: Callable[..., Target]) -> None:
    target = target_of("http://10.0.0.1:1", "rate_limit: {requests: 10000, per_seconds: 60}")
    assert choose_identities(target, STEADY, offset=0).addresses == ("",)


def test_source_addresses_need_ipv4_loopback(target_of: Callable[..., Target]) -> None:
    target = target_of("http://[::1]:1")
    with pytest.raises(CouldNotDecideError, match="IPv4 loopback"):
        choose_identities(target, STEADY, offset=0)


def test_more_clients_than_there_are_addresses(target_of: Callable[..., Target]) -> None:
    target = target_of("http://127.0.0.1:1", "rate_limit: {requests: 1, per_seconds: 3600}")
    with pytest.raises(CouldNotDecideError, match="client addresses"):
        choose_identities(target, (Stage(phase="p", seconds=3600, from_rate=9000, to_rate=9000),), offset=0)
