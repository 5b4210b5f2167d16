"""The marketplace with one vendor, watched, with visitors who search; once for all tests here."""

import secrets
from collections.abc import Iterator

import pytest
from psycopg.conninfo import make_conninfo

from reference_service.ops.scraping import JOBS
from reference_service.ops.tests.receiver import Receiver, listening
from reference_service.ops.tests.watched import CLIENTS, Children, Watched, until, visitors
from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.tests.workers.database import Marketplace, open_marketplace

QUICK_SETTINGS = {
    "REFERENCE_HEALTH_CHECK_INTERVAL": "1",
    "REFERENCE_AGGREGATE_INTERVAL": "1",
    "REFERENCE_PARTITION_INTERVAL": "1",
    "REFERENCE_CACHE_SEARCH_SECONDS": "0",
    "REFERENCE_POOL_MAX": "2",
    "REFERENCE_POOL_MIN": "1",
    "REFERENCE_RATE_LIMIT_REQUESTS": "100",
    "REFERENCE_RATE_LIMIT_SECONDS": "2",
}


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        yield found


@pytest.fixture(scope="session")
def marketplace(postgres_server_url: str, receiver: Receiver) -> Iterator[Marketplace]:
    name = f"watched_{secrets.token_hex(6)}"
    with open_connection(Settings(database_url=postgres_server_url)) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
    with open_marketplace(make_conninfo(postgres_server_url, dbname=name)) as opened:
        opened.add_vendor(7, base_url=receiver.url, endpoint="/vendor")
        yield opened


@pytest.fixture(scope="session")
def watched(
    child_processes: Children,
    marketplace: Marketplace,
    receiver: Receiver,
    redis_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Watched]:
    settings = {
        **QUICK_SETTINGS,
        "REFERENCE_DATABASE_URL": marketplace.url,
        "REFERENCE_REDIS_URL": redis_url,
    }
    watched = Watched(child_processes, tmp_path_factory.mktemp("watched"), settings, receiver)
    try:
        watched.start_monitoring()
        for job in JOBS:
            watched.start_service(job)
        with visitors(watched.url("discovery"), clients=CLIENTS, pause=0.05, first=10):
            until(lambda: watched.firing() == {"Watchdog"}, "nothing but the dead man's switch fires")
            yield watched
    finally:
        watched.stop_all()
