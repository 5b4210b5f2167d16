"""At most so many requests of one client in any window, said in every answer."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.contract.client import Client, Response
from harness.contract.diagnosis import ContractBroken
from harness.contract.errors import expect_error
from harness.contract.expect import expect_status, require
from harness.contract.operations.asking import ASKINGS, SPELLINGS, Asking
from harness.contract.operations.limiting import Exhaustion, allowance, server_time, wait_told
from harness.contract.operations.window import WindowRecord, most_in_a_window, wrongly_refused
from harness.contract.paths import CATEGORIES
from harness.errors import CouldNotDecideError
from harness.target import ClientIdentity, Target

pytestmark = [pytest.mark.capability("rate_limit"), pytest.mark.requirement("PRF-06")]

CLOCK_SLACK = 2  # seconds
CONNECTIONS = 8
SURPLUS = 30


@pytest.mark.parametrize("asking", [pytest.param(a, id=a.name.replace(" ", "-")) for a in ASKINGS])
def test_every_answer_tells_the_allowance(
    new_client: Callable[[], Client], target: Target, asking: Asking
) -> None:
    answer = asking.by(new_client())
    expect_status(answer, asking.status)
    told, limit = allowance(answer), target.rate_limit
    require(
        told.limit == limit.requests,
        "X-RateLimit-Limit is not what the profile says",
        answer,
        expected=str(limit.requests),
        observed=told.limit,
    )
    require(
        told.remaining < told.limit,
        "X-RateLimit-Remaining does not count the request itself",
        answer,
        expected=f"less than {told.limit}",
        observed=told.remaining,
    )
    _must_be_ahead(answer, time.time(), limit.per_seconds)


@pytest.mark.capability("conditional_requests")
def test_a_304_tells_the_allowance_and_counts(new_client: Callable[[], Client]) -> None:
    client = new_client()
    first = client.get(CATEGORIES)
    answer = client.get(CATEGORIES, headers={"If-None-Match": str(first.headers.get("ETag"))})
    assert answer.status == 304
    assert allowance(answer).remaining == allowance(first).remaining - 1


@pytest.mark.parametrize("path", SPELLINGS)
def test_another_spelling_is_no_way_around(new_client: Callable[[], Client], path: str) -> None:
    """Whether it is the same path is the target's affair; who serves it counts it."""
    client = new_client()
    before = allowance(client.get(CATEGORIES)).remaining
    answer = client.request("GET", path)
    if answer.status >= 300:
        return
    left = allowance(answer).remaining
    require(
        left == before - 1,
        "a path that is spelled otherwise is served, and not counted",
        answer,
        expected=f"X-RateLimit-Remaining: {before - 1}, or an answer that serves nothing",
        observed=left,
    )


def test_remaining_counts_down_whatever_the_answer(exhaustion: Exhaustion, target: Target) -> None:
    allowed = target.rate_limit.requests
    for number, answer in enumerate(exhaustion.served, 1):
        left = allowance(answer).remaining
        if left != allowed - number:
            raise ContractBroken(
                f"X-RateLimit-Remaining is wrong after {number} requests",
                expected=str(allowed - number),
                observed=f"{left} with HTTP {answer.status}",
                asked=answer.curl,
                reason="every answer counts but a 429",
            )


def test_the_whole_allowance_is_served(exhaustion: Exhaustion) -> None:
    for number, answer in enumerate(exhaustion.served, 1):
        require(
            answer.status != 429,
            f"request {number} of {len(exhaustion.served)} allowed ones was refused",
            answer,
            expected="any answer but a 429",
            observed=answer.brief(),
        )


def test_one_request_more_is_refused(exhaustion: Exhaustion) -> None:
    for answer in exhaustion.refused:
        if answer.status != 429:
            raise ContractBroken(
                f"request {len(exhaustion.served) + 1} or a later one was served",
                expected="HTTP 429",
                observed=answer.brief(),
                asked=answer.curl,
            )


def test_a_refusal_has_the_error_body(exhaustion: Exhaustion) -> None:
    for answer in exhaustion.refused:
        expect_error(answer, "rate_limited")


def test_a_refusal_says_when_to_come_back(exhaustion: Exhaustion, target: Target) -> None:
    window = target.rate_limit.per_seconds
    received = exhaustion.ended
    # Nothing can be served before the first request has left the window.
    soonest = max(1, int(window - exhaustion.seconds) - CLOCK_SLACK)
    for answer in exhaustion.refused:
        wait = wait_told(answer, received)
        require(
            wait is not None and soonest <= wait <= window + 1,
            "a refusal does not say rightly when to come back",
            answer,
            expected=f"Retry-After: {soonest} to {window} seconds",
            observed=f"Retry-After: {answer.headers.get('Retry-After')}",
        )
        left = allowance(answer).remaining
        require(left == 0, "a refusal tells of requests that are left", answer, expected="0", observed=left)
        _must_be_ahead(answer, received, window)


def _must_be_ahead(answer: Response, now: float, window: int) -> None:
    ahead = allowance(answer).reset - server_time(answer, now)
    require(
        -CLOCK_SLACK <= ahead <= window + CLOCK_SLACK,
        "X-RateLimit-Reset is not a moment within the next window",
        answer,
        expected=f"0 to {window} s ahead",
        observed=f"{ahead:.0f} s ahead",
    )


def test_another_client_is_served(exhaustion: Exhaustion, new_client: Callable[[], Client]) -> None:
    if exhaustion.client.single:
        pytest.skip("the suite is one client only to this target")
    other = new_client().get(CATEGORIES)
    assert other.status == 200
    assert allowance(other).remaining == allowance(other).limit - 1


def test_a_forwarded_address_is_believed_of_proxies_only(exhaustion: Exhaustion, target: Target) -> None:
    if target.client_identity is not ClientIdentity.SOURCE_ADDRESS:
        pytest.skip("this target may trust the tester's address as a proxy")
    answer = exhaustion.client.get(CATEGORIES, headers={"X-Forwarded-For": "203.0.113.77"})
    assert answer.status == 429, "X-Forwarded-For of an untrusted peer makes another client of it"


def test_the_allowance_holds_over_connections_and_processes(
    new_client: Callable[[], Client], target: Target
) -> None:
    """All at once over several connections: not one more is served than alone."""
    clients = [new_client() for _ in range(CONNECTIONS)]
    if clients[0].single:
        pytest.skip(
            "the suite is one client only to this target, and uses up its allowance once, in sequence"
        )
    for one in clients:
        one.identity = clients[0].identity
    allowed = target.rate_limit.requests
    share = -(-(allowed + SURPLUS) // CONNECTIONS)

    def spend(one: Client) -> list[int]:
        return [one.get(CATEGORIES).status for _ in range(share)]

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        statuses = [status for found in pool.map(spend, clients) for status in found]
    served = sum(status != 429 for status in statuses)
    if served != allowed:
        raise ContractBroken(
            "the limit does not hold over several connections",
            expected=f"{allowed} of {len(statuses)} requests served",
            observed=f"{served} served",
        )


@pytest.mark.parametrize(
    "header",
    [
        "X-Real-IP: 203.0.113.78",
        "Forwarded: for=203.0.113.79",
        "X-Client-IP: 203.0.113.80",
        "True-Client-IP: 203.0.113.81",
        "CF-Connecting-IP: 203.0.113.82",
        "User-Agent: somebody else",
        "Accept: application/json;q=0.5",
        "Accept-Language: eo",
        "Origin: http://somebody-else.example",
        "Referer: http://somebody-else.example/",
        "X-Request-Id: somebody-else",
        "If-None-Match: *",
        "Authorization: Bearer somebody-else",
        "Cookie: session=somebody-else",
    ],
)
def test_no_header_makes_another_client(exhaustion: Exhaustion, target: Target, header: str) -> None:
    name, _, value = header.partition(": ")
    if name.lower() in {given.lower() for given in target.headers}:
        pytest.skip(f"the profile sends {name} itself")
    answer = exhaustion.client.get(CATEGORIES, headers={name: value})
    if answer.status != 429:
        raise ContractBroken(
            f"a client that has used up its allowance is served with another {name}",
            expected="HTTP 429",
            observed=answer.brief(),
            asked=answer.curl,
            reason="a client is its peer address",
        )


@pytest.mark.capability("health_endpoints")
@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/health/workers"])
def test_health_is_not_limited(exhaustion: Exhaustion, path: str) -> None:
    assert exhaustion.client.get(path).status != 429


@pytest.mark.capability("metrics")
def test_metrics_are_not_limited(exhaustion: Exhaustion) -> None:
    assert exhaustion.client.get("/metrics").status != 429


@pytest.mark.capability("health_endpoints")
def test_health_does_not_use_up_the_allowance(new_client: Callable[[], Client]) -> None:
    client = new_client()
    before = allowance(client.get(CATEGORIES)).remaining
    for _ in range(3):
        client.get("/health/live")
    assert allowance(client.get(CATEGORIES)).remaining == before - 1


def test_no_window_holds_more_than_the_limit(window_record: WindowRecord) -> None:
    limit = window_record.limit
    most = most_in_a_window(window_record.shots, limit.per_seconds)
    if most > limit.requests:
        raise ContractBroken(
            f"more requests were served within {limit.per_seconds} s than are allowed",
            expected=f"at most {limit.requests}",
            observed=str(most),
            reason="the limit holds in any window, not only from one full minute to the next",
        )


def test_a_full_window_refuses_until_its_first_request_leaves_it(window_record: WindowRecord) -> None:
    asked = window_record.while_full
    assert not any(shot.served for shot in asked), "a request was served while the window was still full"
    if len(asked) < len(window_record.extra) + len(window_record.early):
        raise CouldNotDecideError("requests were answered too late to tell whether the window was still full")


def test_a_request_is_served_again_at_the_reset(window_record: WindowRecord) -> None:
    assert window_record.late[0].served, "a request at X-RateLimit-Reset was refused"


def test_what_left_the_window_can_be_spent_again(window_record: WindowRecord) -> None:
    refused = wrongly_refused(window_record.shots, window_record.limit)
    if refused:
        raise ContractBroken(
            "requests were refused though there was room for them in the window",
            expected="every request served before which fewer than the limit lie in the window",
            observed=f"{len(refused)} of {len(window_record.shots)} refused",
            reason="what is older than the window has left it, and refused requests never were in it",
        )
