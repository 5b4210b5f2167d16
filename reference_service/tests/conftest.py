import secrets
from collections.abc import Iterator

import pytest
from psycopg.conninfo import make_conninfo

from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection


@pytest.fixture(scope="session")
def shared_database(postgres_server_url: str) -> Iterator[str]:
    """One database for the tests that replace all its data before they ask."""
    name = f"shared_{secrets.token_hex(6)}"
    with open_connection(Settings(database_url=postgres_server_url)) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        yield make_conninfo(postgres_server_url, dbname=name)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
