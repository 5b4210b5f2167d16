"""Connections to PostgreSQL: one pool a process."""

from psycopg_pool import ConnectionPool

from reference_service.settings import Settings
from reference_service.storage.bounded_connection import SOCKET_LIMITS, BoundedConnection

Pool = ConnectionPool[BoundedConnection]

WAIT_SECONDS = 1.5
IDLE_SECONDS = 60.0
"""After each of these the pool closes one connection beyond its least that nobody has used meanwhile."""
_SLACK_SECONDS = 1.0
"""How much later than the server ends a statement its silence is taken for its absence."""


def open_pool(settings: Settings) -> Pool:
    """The pool, opened without waiting for the server: connections are made as it answers."""

    def bound(connection: BoundedConnection) -> None:
        connection.longest_wait = settings.statement_timeout_ms / 1000 + _SLACK_SECONDS

    return ConnectionPool(
        settings.database_url,
        connection_class=BoundedConnection,
        kwargs={
            "autocommit": True,
            "options": session_options(settings),
            "connect_timeout": 3,
            **SOCKET_LIMITS,
        },
        configure=bound,
        min_size=min(settings.pool_min, settings.pool_max),
        max_size=settings.pool_max,
        max_lifetime=settings.pool_max_lifetime,
        max_idle=IDLE_SECONDS,
        timeout=WAIT_SECONDS,
        reconnect_timeout=2.0,
        open=True,
        name="marketplace",
    )


def session_options(settings: Settings) -> str:
    """Per-session server settings: UTC, a bounded statement time, no notices of empty queries.

    Pages are in memory or on an SSD: at the default cost of a random one the planner scans the whole
    table for a common word, in several times the time that the index takes. Many searches run at once, each
    for milliseconds: compiling a statement or starting parallel workers for it costs more than they save.
    """
    return (
        f"-c timezone=UTC -c statement_timeout={settings.statement_timeout_ms}"
        " -c client_min_messages=warning -c random_page_cost=1.1 -c jit=off"
        " -c max_parallel_workers_per_gather=0 -c work_mem=16MB -c application_name=marketplace"
    )
