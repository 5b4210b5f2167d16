"""Draws requests from a document beside the other tests; they are collected before the next levels begin."""

from collections.abc import Generator, Iterator

import pytest

from harness.contract.fixtures import SUITE
from harness.contract.generated.trial import Trial, trial_of
from harness.contract.levels import Level, level_of

DRAWN = "drawn"  # the fixture of tests that ask for what was found
_BEFORE = (Level.LIVE, Level.SEEDED)


def _asks(item: pytest.Item) -> bool:
    return DRAWN in getattr(item, "fixturenames", ())


def _place(item: pytest.Item) -> int:
    """What was drawn is collected after the live and the seeded tests, before the data changes."""
    return 1 if _asks(item) else 0 if level_of(item.path) in _BEFORE else 2


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    yield
    items.sort(key=_place)


@pytest.fixture(scope="session")
def drawn(request: pytest.FixtureRequest) -> Trial:
    """The trial that has been running beside the other tests."""
    trial = request.config.stash[_TRIAL]
    if not trial.started:  # one client only: what is drawn must not be asked beside other tests
        trial.start()
        trial.wait()
    return trial


_TRIAL = pytest.StashKey[Trial]()


@pytest.fixture(scope="session", autouse=True)
def _drawing(request: pytest.FixtureRequest) -> Iterator[None]:
    suite = request.config.stash.get(SUITE, None)
    if suite is None or not any(map(_asks, request.session.items)):
        yield
        return
    client = suite.client(rotating=True)
    trial = trial_of(
        suite.target, suite.identities.kind, client, suite.seed, suite.traffic, suite.pace.before_request
    )
    client.close()
    request.config.stash[_TRIAL] = trial
    if not suite.identities.single:
        trial.start()
    yield
    trial.stop()
