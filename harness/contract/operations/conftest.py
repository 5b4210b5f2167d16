"""Starts what takes longer than a rate-limit window early, and collects it at the very end."""

import time
from collections.abc import Generator, Iterator

import pytest

from harness.contract.fixtures import SUITE
from harness.contract.operations.asking import ASKINGS
from harness.contract.operations.limiting import Exhaustion
from harness.contract.operations.window import WindowRecord, WindowTrial
from harness.contract.suite import Suite
from harness.target import Capability

TRIAL = pytest.StashKey[WindowTrial]()
OUTLASTING = "window_record"  # the fixture of tests that must outlast a window
REFUSED = len(ASKINGS)  # one of each kind


def _outlasts(item: pytest.Item) -> bool:
    return OUTLASTING in getattr(item, "fixturenames", ())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    yield
    items.sort(key=_outlasts)


def pytest_collection_finish(session: pytest.Session) -> None:
    suite = session.config.stash.get(SUITE, None)
    if suite is None or session.config.option.collectonly or not any(map(_outlasts, session.items)):
        return
    if Capability.RATE_LIMIT in suite.target.capabilities and not suite.identities.single:
        session.config.stash[TRIAL] = _trial(suite)
        session.config.stash[TRIAL].start()


def _trial(suite: Suite) -> WindowTrial:
    return WindowTrial(suite.client(rotating=False, limiter=True), suite.target.rate_limit)


@pytest.fixture(scope="session")
def window_record(request: pytest.FixtureRequest) -> WindowRecord:
    """The record of the trial that has been running beside the other tests."""
    trial = request.config.stash.get(TRIAL, None)
    if trial is None:
        pytest.skip("the suite is one client only to this target, and must not use up its allowance")
    return trial.result()


@pytest.fixture(scope="session")
def exhaustion(request: pytest.FixtureRequest) -> Iterator[Exhaustion]:
    """One client that spends its whole allowance on answers of several kinds, and then asks on."""
    suite = request.config.stash[SUITE]
    if suite.identities.single:
        pytest.skip("the suite is one client only to this target, and must not use up its allowance")
    client = suite.client(rotating=False, limiter=True)
    allowed = suite.target.rate_limit.requests
    served = [ASKINGS[number % len(ASKINGS)].by(client) for number in range(allowed)]
    refused = [ASKINGS[number % len(ASKINGS)].by(client) for number in range(REFUSED)]
    yield Exhaustion(client, served, refused, time.time())
    client.close()


@pytest.fixture(scope="session", autouse=True)
def _data(request: pytest.FixtureRequest) -> None:
    """Where the suite can load data, it asks on its own."""
    suite = request.config.stash.get(SUITE, None)
    if suite is not None and suite.target.fixtures is not None:
        suite.loader.base()
