"""Rounds of the workers as values to compare: what is recorded of the same world."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from harness.contract.client import Client
from harness.contract.suite import Suite
from harness.contract.workers import cases
from harness.contract.workers.aggregates import AggregateRound, drive
from harness.contract.workers.canary import Canary, flock
from harness.contract.workers.cases import Case
from harness.contract.workers.histories import HISTORIES
from harness.contract.workers.rounds import CHECK_DEADLINE, read_checks, run_worker, shortest, vendors_of
from harness.contract.workers.stubs import StubServer, serve_stubs
from harness.contract.workers.vendors import dataset_of, now
from harness.evidence import Json
from harness.target import Command, Workers

ALLOWED = "127.0.0.1/32"
CANARY_HOSTS = ("127.0.0.1", "127.0.0.2", "::1")
AT_ONCE = 10
FLOOD_MEGABYTES = 32
HELD_MILLISECONDS = 350
LATE_SECONDS = 15.0


def aggregated(suite: Suite) -> Json:
    """The figures of every vendor after a round of the aggregator and after a second one; times are ages."""
    found = drive(suite, HISTORIES)
    return {
        "after one round": {_name(found, n): _figures(d, found.started) for n, d in found.after.items()},
        "after two": {_name(found, n): _figures(d, found.started) for n, d in found.again.items()},
        "updated": [found.after[n]["metrics"].get("updatedAt") != found.again[n]["metrics"].get("updatedAt")
                    for n in found.after],
        "listed": {
            listing: {_name(found, n): _figures(one, found.started) for n, one in listed.items()}
            for listing, listed in found.listed_after.items()
        },
        "the old ETag": found.revalidated,
    }  # fmt: skip


def _name(found: AggregateRound, number: int) -> str:
    return next(vendor.service_name for vendor in found.dataset.vendors if vendor.id == number)


def _figures(document: Json, started: datetime) -> Json:
    """An answer without what differs from run to run."""
    if isinstance(document, dict):
        return {
            name: _figure(name, value, started) for name, value in document.items() if name != "createdAt"
        }
    return document


def _figure(name: str, value: Json, started: datetime) -> Json:
    if name == "updatedAt":
        return "a time"
    if name == "lastRequestAt" and isinstance(value, str):
        return round((started - datetime.fromisoformat(value)).total_seconds())
    return _figures(value, started)


def checked(suite: Suite) -> Json:
    """What a round of the health checker records while the stub's address is allowed."""
    workers = suite.target.workers or Workers()
    with serve_stubs() as stub, flock(CANARY_HOSTS) as canaries:
        its = cases.of_allowing_round(stub.url, canaries)
        values = {"networks": ALLOWED, "seconds": str(CHECK_DEADLINE)}
        return _round(
            suite, its, workers.check_health_allowing, "check_health_allowing", stub, canaries, values
        )


def guarded(suite: Suite) -> Json:
    """What a round of the health checker records while nothing is allowed."""
    workers = suite.target.workers or Workers()
    with serve_stubs() as stub, flock(CANARY_HOSTS) as canaries:
        its = cases.of_guarded_round(canaries)
        return _round(suite, its, workers.check_health, "check_health", stub, canaries, {})


def _round(
    suite: Suite,
    its: Sequence[Case],
    command: Command | None,
    name: str,
    stub: StubServer,
    canaries: Mapping[str, Canary],
    values: Mapping[str, str],
) -> Json:
    started = now()
    suite.loader.load(dataset_of(vendors_of(its, started)))
    run_worker(suite, command, name, **values)
    client: Client = suite.client(rotating=True)
    try:
        found = read_checks(client, its)
    finally:
        client.close()
    return {
        "checks": {
            case: [_check(case, check, started) for check in checks] for case, checks in found.items()
        },
        "canaries": {host: bool(canary.visitors) for host, canary in canaries.items()},
        "at once": "one" if stub.peak <= 1 else "some" if stub.peak <= AT_ONCE else "too many",
        "calls": {case.name: stub.visited(case.path) for case in its if case.path and "/hold/" in case.path},
        "left alone": [stub.visited("/status/200?unwatched"), stub.visited("/status/200?inactive")],
        "credentials": any("authorization" in visit.headers for visit in stub.visits),
        "late": [case.name for case in its if (stub.longest(case.path or "") or 0) > LATE_SECONDS],
        "at once is sooner": shortest(found, "answers") < shortest(found, "holds"),
        "flood": "bounded" if stub.flooded <= FLOOD_MEGABYTES * 2**20 else "read on",
    }


def _check(case: str, check: Json, started: datetime) -> Json:
    took = check.get("responseTimeMs")
    held = case.startswith("holds")  # of the others nobody knows how long they take
    age = (datetime.fromisoformat(check["checkedAt"]) - started).total_seconds()
    return {
        "status": check.get("status"),
        "statusCode": check.get("statusCode"),
        "error": check.get("error"),
        "took": None if took is None else "too short" if held and took < HELD_MILLISECONDS else "a time",
        "dated": "when it was made" if -5 <= age <= 120 else "another time",
    }
