"""What a contract test can ask for."""

from collections.abc import Callable, Iterator

import pytest

from harness.contract.client import Client
from harness.contract.explore import EXAMPLES, EXAMPLES_OF_A_SINGLE_CLIENT, Exploring
from harness.contract.suite import Suite
from harness.fixtures.dataset import Dataset
from harness.fixtures.model import Model
from harness.target import Target

SUITE = pytest.StashKey[Suite]()


@pytest.fixture
def suite(request: pytest.FixtureRequest) -> Suite:
    return request.config.stash[SUITE]


@pytest.fixture
def target(suite: Suite) -> Target:
    return suite.target


@pytest.fixture
def new_client(suite: Suite, request: pytest.FixtureRequest) -> Iterator[Callable[[], Client]]:
    """Makes clients, each with one identity of its own, which it keeps."""
    made: list[Client] = []
    limiter = any(mark.args[:1] == ("rate_limit",) for mark in request.node.iter_markers("capability"))

    def make(*, rotating: bool = False) -> Client:
        made.append(suite.client(rotating=rotating, limiter=limiter))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(new_client: Callable[..., Client]) -> Client:
    """A client that never meets the limiter: it becomes another one in time."""
    return new_client(rotating=True)


@pytest.fixture
def dataset(suite: Suite) -> Dataset:
    """The suite's data set, loaded into the target."""
    return suite.loader.base()


@pytest.fixture
def model(suite: Suite, dataset: Dataset) -> Model:
    """What the contract says that the target answers while it holds the suite's data set."""
    return suite.model_of(dataset)


@pytest.fixture
def exploring(suite: Suite) -> Exploring:
    """Hypothesis at the run's seed; a target that knows only one client gets fewer questions."""
    few = suite.identities.single
    return Exploring(suite.seed, EXAMPLES_OF_A_SINGLE_CLIENT if few else EXAMPLES)


@pytest.fixture
def load_dataset(suite: Suite) -> Callable[[Dataset], None]:
    """Replaces all that the target holds; whoever asks for `dataset` next gets the suite's own back."""
    return suite.loader.load
