from collections.abc import Callable, Iterator

import pytest

from reference_service.tests.workers.database import Marketplace, open_marketplace


@pytest.fixture
def marketplace(new_database: Callable[[], str]) -> Iterator[Marketplace]:
    """A migrated database of its own, empty."""
    with open_marketplace(new_database()) as opened:
        yield opened
