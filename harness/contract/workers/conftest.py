"""Each round is driven once; many tests look at what it left behind."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from harness.contract.fixtures import SUITE
from harness.contract.suite import Suite
from harness.contract.workers import cases
from harness.contract.workers.aggregates import AggregateRound, drive
from harness.contract.workers.canary import Canary, flock
from harness.contract.workers.cases import Case
from harness.contract.workers.histories import HISTORIES
from harness.contract.workers.rounds import (
    CHECK_DEADLINE,
    DEFAULT_DEADLINE,
    CheckRound,
    read_checks,
    run_worker,
    vendors_of,
)
from harness.contract.workers.stubs import StubServer, serve_stubs
from harness.contract.workers.vendors import dataset_of, now
from harness.target import Command, Workers

ALLOWED = "127.0.0.1/32"  # of the whole machine, this one address
PROXY_HOST = "127.0.0.3"
PROXY_VARIABLES = ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY")
CANARY_HOSTS = ("127.0.0.1", "127.0.0.2", "::1")


@pytest.fixture(scope="session")
def worker_suite(request: pytest.FixtureRequest) -> Suite:
    return request.config.stash[SUITE]


@pytest.fixture(scope="session")
def stub() -> Iterator[StubServer]:
    with serve_stubs() as server:
        yield server


@pytest.fixture(scope="session")
def allowing_round(worker_suite: Suite, stub: StubServer) -> CheckRound:
    """A round in which one address, the stub's, is allowed; with a proxy in its environment."""
    workers = worker_suite.target.workers or Workers()
    with (
        flock(CANARY_HOSTS) as canaries,
        flock((PROXY_HOST,)) as proxies,
        pytest.MonkeyPatch.context() as environment,
    ):
        for proxy in proxies.values():
            for name in PROXY_VARIABLES:
                environment.setenv(name, proxy.url)
        return _round(
            worker_suite,
            cases.of_allowing_round(stub.url, canaries),
            workers.check_health_allowing,
            "check_health_allowing",
            stub,
            {**canaries, **{f"proxy {host}": proxy for host, proxy in proxies.items()}},
            networks=ALLOWED,
            seconds=str(CHECK_DEADLINE),
        )


@pytest.fixture(scope="session")
def guarded_round(worker_suite: Suite, stub: StubServer) -> CheckRound:
    """A round in which nothing is allowed."""
    workers = worker_suite.target.workers or Workers()
    with flock(CANARY_HOSTS) as canaries:
        return _round(
            worker_suite,
            cases.of_guarded_round(canaries),
            workers.check_health,
            "check_health",
            stub,
            canaries,
        )


def _round(
    suite: Suite,
    its_cases: Sequence[Case],
    command: Command | None,
    name: str,
    stub: StubServer,
    canaries: Mapping[str, Canary],
    **values: str,
) -> CheckRound:
    started = now()
    suite.loader.load(dataset_of(vendors_of(its_cases, started)))
    run_worker(suite, command, name, **values)
    client = suite.client(rotating=True)
    try:
        deadline = CHECK_DEADLINE if command and command.takes("seconds") else DEFAULT_DEADLINE
        return CheckRound(started, now(), read_checks(client, its_cases), stub, canaries, deadline)
    finally:
        client.close()


@pytest.fixture(scope="session")
def aggregate_round(worker_suite: Suite) -> AggregateRound:
    return drive(worker_suite, HISTORIES)
