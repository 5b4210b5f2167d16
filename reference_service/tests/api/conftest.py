import logging
from collections.abc import Iterator

import pytest
import structlog

from reference_service.tests.api.service import Api, open_api


@pytest.fixture(scope="session", autouse=True)
def quiet_access_log() -> Iterator[None]:
    """A line for each of thousands of requests would bury the failure that a reader looks for."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def shared_api(shared_database: str) -> Iterator[Api]:
    with open_api(shared_database) as opened:
        yield opened


@pytest.fixture
def api(shared_api: Api) -> Api:
    """The API without Redis, over whatever the last test loaded: load first."""
    return shared_api
