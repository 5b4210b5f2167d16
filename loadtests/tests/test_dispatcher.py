"""Open arrivals against a server of known behaviour: here, without locust around."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import CouldNotDecideError, TargetUnreachableError
from harness.load_result import Group, Percentiles
from harness.target import Target
from loadtests.connections import Connections
from loadtests.dispatcher import Dispatcher, Obituary
from loadtests.measurement import Measurement
from loadtests.options import Job, make_job
from loadtests.plan import make_plan
from loadtests.preflight import look_at
from loadtests.scenarios import SCENARIOS
from loadtests.summary import groups, lateness
from loadtests.tests.conftest import StartServer, closed_port, raw_server, scripted_server, statistics

pytestmark = pytest.mark.alone

TargetOf = Callable[..., Target]


def _drive(job: Job) -> tuple[Measurement, str]:
    connections = Connections(
        job.target.base_url, job.identities, job.target.headers, timeout=10, most=job.connections
    )
    dispatcher = Dispatcher(connections, look_at(job, connections), lambda *_: None, Obituary())
    reason = dispatcher.run(job.plan.requests(), time.monotonic() + 0.05)
    connections.close()
    return dispatcher.take(), reason


def _whole(job: Job) -> Group:
    return groups(job.plan, _drive(job)[0])[0]


def _latency(group: Group) -> Percentiles:
    assert group.latency is not None
    return group.latency


def test_every_request_is_sent_and_answered(start_server: StartServer, target_of: TargetOf) -> None:
    job = make_job(target_of(start_server()), "search", duration=2, seed=1)
    measurement, reason = _drive(job)
    whole = groups(job.plan, measurement)[0]
    assert (whole.asked, whole.count, whole.errors, reason) == (200, 200, 0, "")
    assert whole.statuses == {"200": 200}
    assert lateness(measurement).starts == 200
    assert 0 < measurement.connections < 200
    assert measurement.cpu_seconds > 0


def test_a_freeze_is_told_by_all_that_waited_behind_it(
    start_server: StartServer, target_of: TargetOf
) -> None:
    """Frozen for 0.4 s of each 2 s, a fifth of all wait for up to 0.4 s: p95 is 300 ms, p90 200."""
    url = start_server("--freeze-every", "2", "--freeze-for", "0.4")
    latency = _latency(_whole(make_job(target_of(url), "search", duration=4)))
    assert latency.p95 > 285
    assert latency.p90 > 185
    assert latency.p50 < latency.p90 / 2


def test_slow_answers_do_not_slow_the_arrivals(start_server: StartServer, target_of: TargetOf) -> None:
    """200 requests are on their way at once; a closed loop of a few users would have asked for less."""
    job = make_job(target_of(start_server("--latency", "1.0")), "search", duration=2)
    whole = _whole(job)
    assert (whole.count, whole.errors) == (200, 0)
    assert _latency(whole).p50 > 999


def test_no_client_exceeds_the_rate_limit(start_server: StartServer, target_of: TargetOf) -> None:
    url = start_server("--limit", "20")
    job = make_job(target_of(url, "rate_limit: {requests: 20, per_seconds: 60}"), "search", duration=2)
    assert _whole(job).statuses == {"200": 200}
    clients = statistics(url)
    assert max(clients.values()) <= 20
    assert len(clients) >= 200 / 20


def test_forwarded_clients_are_told_apart(start_server: StartServer, target_of: TargetOf) -> None:
    url = start_server("--limit", "100")
    _whole(make_job(target_of(url, "client_identity: forwarded"), "search", duration=1.5))
    assert all(client.startswith(("198.18.", "198.19.")) for client in statistics(url))


@pytest.mark.parametrize(
    ("option", "reason", "errors"),
    [(("--error-every", "4"), "status_500", 50), (("--empty",), "no vendors", 200)],
)
def test_wrong_answers_are_errors(
    start_server: StartServer, target_of: TargetOf, option: tuple[str, ...], reason: str, errors: int
) -> None:
    whole = _whole(make_job(target_of(start_server(*option)), "search", duration=2))
    assert whole.errors == pytest.approx(errors, abs=1)
    assert set(whole.failures) == {reason}


def test_all_endpoints_of_the_mix_are_asked_with_the_targets_own_slugs(
    start_server: StartServer, target_of: TargetOf
) -> None:
    job = make_job(target_of(start_server()), "mix", duration=1, seed=2)
    found = {group.endpoint: group for group in groups(job.plan, _drive(job)[0]) if group.phase == "all"}
    assert {name: group.errors for name, group in found.items()} == dict.fromkeys(found, 0)
    assert all(group.count > 0 for group in found.values())


def test_another_vendors_details_are_errors_however_right_in_themselves(target_of: TargetOf) -> None:
    details = b'{"id": 1, "slug": "acme", "metrics": {}, "endpoints": []}'
    mix = SCENARIOS["mix"]
    only = replace(mix, endpoints=(mix.endpoint("details"),))
    with raw_server(_good(b"close", details)) as (url, requests):
        job = make_job(target_of(url), "mix")
        connections = Connections(url, job.identities, {}, timeout=10)
        dispatcher = Dispatcher(connections, ("acme", "o/ther"), lambda *_: None, Obituary())
        dispatcher.run(make_plan(only, rate=10, duration=1).requests(), time.monotonic() + 0.05)
    whole = groups(make_plan(only), dispatcher.take())[0]
    assert (whole.statuses, whole.failures) == ({"200": 10}, {"another vendor": 5})
    assert sum(b"/vendors/o%2Fther HTTP" in request for request in requests) == 5


def test_a_target_that_dies_ends_the_run(start_server: StartServer, target_of: TargetOf) -> None:
    job = make_job(target_of(start_server("--die-at", "60")), "search", duration=60)
    measurement, reason = _drive(job)
    assert "the target stopped answering" in reason
    failures = groups(job.plan, measurement)[0].failures
    assert failures["connection_refused"] >= 20


def test_a_base_url_may_have_a_path_and_the_profile_headers(target_of: TargetOf) -> None:
    with raw_server(b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n") as (url, requests):
        job = make_job(target_of(f"{url}/api", 'headers: {X-Key: "${HOME}"}'), "search", duration=1)
        with pytest.raises(CouldNotDecideError, match="404"):
            _drive(job)
    head = requests[0].decode()
    assert head.startswith("GET /api/v1/marketplace/vendors?q=weather HTTP/1.1\r\n")
    assert f"X-Key: {Path.home()}\r\n" in head


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "connection_closed"),
        (b"SSH-2.0-OpenSSH\r\n", "broken_answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "broken_answer"),
    ],
)
def test_a_target_that_breaks_off_does_not_answer(target_of: TargetOf, answer: bytes, reason: str) -> None:
    with raw_server(answer) as (url, _), pytest.raises(TargetUnreachableError, match=reason):
        _drive(make_job(target_of(url), "search", duration=1))


def _good(connection: bytes, body: bytes = b'{"vendors": [{"id": 1}]}') -> bytes:
    return b"HTTP/1.1 200 OK\r\nConnection: %s\r\nContent-Length: %d\r\n\r\n%s" % (
        connection,
        len(body),
        body,
    )


def test_a_dropped_request_is_an_error_and_is_not_sent_again(target_of: TargetOf) -> None:
    with scripted_server(lambda n: [_good(b"close") if n % 5 else b""]) as (url, requests):
        whole = _whole(make_job(target_of(url), "search", rate=20, duration=2))
    assert (whole.asked, len(requests)) == (40, 41)  # one of them looked at the target before
    assert whole.failures == {"connection_closed": 8}
    assert whole.count == 32


@pytest.mark.parametrize(
    ("second", "sent", "failure"),
    [(b"", 3, ""), (b"HTTP/1.1 200 OK\r\nContent-Le", 2, "broken_answer")],
)
def test_only_what_a_kept_connection_left_unanswered_is_sent_again(
    target_of: TargetOf, second: bytes, sent: int, failure: str
) -> None:
    with scripted_server(lambda n: [_good(b"keep-alive"), *([second] if n == 1 else [])]) as (url, requests):
        job = make_job(target_of(url), "search", rate=1, duration=1)
        measurement, _ = _drive(job)
    whole = groups(job.plan, measurement)[0]
    assert len(requests) == sent
    assert list(whole.failures) == ([failure] if failure else [])
    assert measurement.repeated == (0 if failure else 1)


def test_connections_are_bounded_over_all_clients(start_server: StartServer, target_of: TargetOf) -> None:
    """What the target sees may be a few more: it learns of a closed one a little later."""
    url = start_server("--connections", "12", "--latency", "0.02")
    target = target_of(url, "rate_limit: {requests: 10, per_seconds: 60}")
    job = make_job(target, "search", duration=2, connections=5)
    assert len(job.identities.addresses) > 20
    measurement, _ = _drive(job)
    assert groups(job.plan, measurement)[0].statuses == {"200": 200}
    assert measurement.connections > 20


def test_nothing_listens(target_of: TargetOf) -> None:
    with pytest.raises(TargetUnreachableError, match="connection_refused"):
        _drive(make_job(target_of(f"http://127.0.0.1:{closed_port()}"), "search", duration=1))


def test_a_mix_needs_vendors(start_server: StartServer, target_of: TargetOf) -> None:
    with pytest.raises(CouldNotDecideError, match="lists no vendors"):
        _drive(make_job(target_of(start_server("--empty")), "mix", duration=1))


def test_a_target_that_is_dead_at_the_end_has_died(start_server: StartServer, target_of: TargetOf) -> None:
    job = make_job(target_of(start_server("--die-at", "60")), "search", duration=1)
    assert "the target stopped answering" in _drive(job)[1]


def test_an_obituary_needs_silence_and_failures() -> None:
    obituary = Obituary()
    obituary.answered(10.0)
    for number in range(100):
        obituary.failed(number / 100, 10.0 + number / 100)
    assert obituary.reason == ""  # one second of failures is an outage, not a death
    for number in range(300):
        obituary.failed(1 + number / 100, 11.0 + number / 100)
    assert obituary.reason == "the target stopped answering 0.0 s into the run"
