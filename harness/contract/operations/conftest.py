"""Starts what takes longer than a rate-limit window early, and collects it at the very end.

Where the suite is one client only, what uses up its allowance comes last of all, and each such trial waits
for a window of its own.
"""

import time
from collections.abc import Generator, Iterator

import pytest

from harness.contract.fixtures import SUITE
from harness.contract.operations.asking import ASKINGS
from harness.contract.operations.limiting import Exhaustion
from harness.contract.operations.telling import Telling, WorkersTold, read_workers
from harness.contract.operations.window import WindowRecord, WindowTrial
from harness.contract.suite import Suite
from harness.errors import CouldNotDecideError
from harness.target import Capability

TOLD = "workers_told"  # that of tests which look at what the workers told, once all rounds are over
TRIAL = pytest.StashKey[WindowTrial]()
OUTLASTING = "window_record"  # the fixture of tests that must outlast a window
SPENDING = "exhaustion"  # that of tests that need an allowance which is used up


def _outlasts(item: pytest.Item) -> bool:
    return OUTLASTING in getattr(item, "fixturenames", ())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    yield
    suite = config.stash.get(SUITE, None)
    items.sort(key=lambda item: TOLD in getattr(item, "fixturenames", ()))
    if suite is not None and suite.identities.single:
        items.sort(key=lambda item: SPENDING in getattr(item, "fixturenames", ()))
    items.sort(key=_outlasts)


def pytest_collection_finish(session: pytest.Session) -> None:
    suite = session.config.stash.get(SUITE, None)
    if suite is None or session.config.option.collectonly or not any(map(_outlasts, session.items)):
        return
    if Capability.RATE_LIMIT in suite.target.capabilities and not suite.identities.single:
        session.config.stash[TRIAL] = _started(suite)


def _started(suite: Suite) -> WindowTrial:
    trial = WindowTrial(suite.spender(), suite.target.rate_limit)
    trial.start()
    return trial


@pytest.fixture(scope="session")
def window_record(request: pytest.FixtureRequest) -> WindowRecord:
    """The record of the trial that has run beside the other tests, or runs now that they are over."""
    trial = request.config.stash.get(TRIAL, None) or _started(request.config.stash[SUITE])
    return trial.result()


@pytest.fixture(scope="session")
def exhaustion(request: pytest.FixtureRequest) -> Iterator[Exhaustion]:
    """One client that spends its whole allowance on answers of several kinds, and then asks on."""
    suite = request.config.stash[SUITE]
    client, limit = suite.spender(), suite.target.rate_limit
    allowed, started = limit.requests, time.monotonic()
    askings = [asking for asking in ASKINGS if asking.only_reads or not suite.target.only_read]
    served = [askings[number % len(askings)].by(client) for number in range(allowed)]
    refused = [asking.by(client) for asking in askings]
    if (took := time.monotonic() - started) >= limit.per_seconds:
        raise CouldNotDecideError(
            f"one client cannot use up its allowance: {allowed} requests took {took:.0f} s, "
            f"and a window is {limit.per_seconds} s"
        )
    yield Exhaustion(client, served, refused, time.time(), took)
    client.close()


@pytest.fixture(scope="session", autouse=True)
def _data(request: pytest.FixtureRequest) -> None:
    """Where the suite can load data, it asks on its own."""
    suite = request.config.stash.get(SUITE, None)
    if suite is not None and suite.target.fixtures is not None:
        suite.loader.base()


@pytest.fixture(scope="session", autouse=True)
def _told_at_first(request: pytest.FixtureRequest) -> WorkersTold | None:
    suite = request.config.stash.get(SUITE, None)
    return read_workers(suite.target) if suite is not None else None


@pytest.fixture(scope="session")
def workers_told(request: pytest.FixtureRequest, _told_at_first: WorkersTold) -> Telling:
    """What the workers told at the beginning, and what they tell now."""
    return Telling(_told_at_first, read_workers(request.config.stash[SUITE].target))
