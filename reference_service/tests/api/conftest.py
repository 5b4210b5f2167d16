from collections.abc import Iterator

import pytest

from reference_service.tests.api.service import Api, open_api


@pytest.fixture(scope="session")
def shared_api(shared_database: str) -> Iterator[Api]:
    with open_api(shared_database) as opened:
        yield opened


@pytest.fixture
def api(shared_api: Api) -> Api:
    """The API without Redis, over whatever the last test loaded: load first."""
    return shared_api
