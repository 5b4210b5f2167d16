"""The pool as the brief has it, and how long the server lets a statement of it run."""

from reference_service.settings import Settings
from reference_service.storage.pool import open_pool


def test_ten_connections_five_kept_for_five_minutes() -> None:
    with open_pool(Settings(database_url="postgresql://nobody@127.0.0.1:1/none")) as pool:
        assert (pool.max_size, pool.min_size, pool.max_lifetime) == (10, 5, 300)


def test_settings_bound_the_pool_and_its_statements(shared_database: str) -> None:
    settings = Settings(
        database_url=shared_database,
        pool_max=2,
        pool_min=4,
        pool_max_lifetime=7,
        statement_timeout_ms=1234,
    )
    with open_pool(settings) as pool:
        assert (pool.max_size, pool.min_size, pool.max_lifetime) == (2, 2, 7)
        with pool.connection(timeout=20) as connection:
            shown = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in _SHOWN]
        assert shown == [("1234ms",), ("UTC",)]


_SHOWN = ("statement_timeout", "timezone")
