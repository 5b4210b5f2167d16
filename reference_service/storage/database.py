"""Queries through the pool; where no server answers, UnavailableError, and for a moment after at once."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, Protocol

import structlog
from psycopg import Connection, Error, InterfaceError, OperationalError
from psycopg.errors import UndefinedColumn, UndefinedTable
from psycopg.rows import TupleRow
from psycopg_pool import PoolTimeout, TooManyRequests

from reference_service.domain.errors import UnavailableError
from reference_service.storage.bounded_connection import SilentServerError
from reference_service.storage.pool import Pool

REST_SECONDS = 0.25

log = structlog.get_logger(__name__)
Rows = Sequence[tuple[Any, ...]]


class PoolMetrics(Protocol):
    def pool_waited(self, seconds: float) -> None: ...

    def pool_used(self, seconds: float) -> None: ...

    def pool_exhausted(self) -> None: ...


class Database:
    """Runs reads. While the server is away callers are refused at once, but for one at a time that tries."""

    def __init__(self, pool: Pool, metrics: PoolMetrics) -> None:
        self._pool = pool
        self._metrics = metrics
        self._lock = Lock()
        self._away_until = 0.0
        self._trying = False

    def rows(self, statement: bytes, parameters: Mapping[str, object] | None = None) -> Rows:
        """All rows of one statement.

        Raises UnavailableError.
        """
        self._enter()
        away = False
        try:
            return self._read(statement, parameters)
        except (OperationalError, InterfaceError) as error:
            away = _is_away(error)
            raise _unavailable() from error
        except (UndefinedTable, UndefinedColumn) as error:
            log.error("schema_is_not_current", exc_info=error)
            raise UnavailableError("the database is not as this release needs it") from error
        finally:
            self._leave(away=away)

    def close(self) -> None:
        self._pool.close()

    def _read(self, statement: bytes, parameters: Mapping[str, object] | None) -> Rows:
        """Run it, and once more where only idle connections had been lost, as after the server's restart."""
        try:
            return self._run(statement, parameters)
        except (PoolTimeout, TooManyRequests):
            raise
        except SilentServerError:
            self._pool.drain()  # the others wait for the same silence
            raise
        except (OperationalError, InterfaceError) as error:
            if not _is_away(error):
                raise
        self._pool.check()
        return self._run(statement, parameters)

    def _run(self, statement: bytes, parameters: Mapping[str, object] | None) -> Rows:
        with self._connection() as connection:
            return connection.execute(statement, parameters).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[Connection[TupleRow]]:
        asked = time.perf_counter()
        try:
            with self._pool.connection() as connection:
                had = time.perf_counter()
                self._metrics.pool_waited(had - asked)
                try:
                    yield connection
                finally:
                    self._metrics.pool_used(time.perf_counter() - had)
        except (PoolTimeout, TooManyRequests):
            self._metrics.pool_waited(time.perf_counter() - asked)
            self._metrics.pool_exhausted()
            raise

    def _enter(self) -> None:
        with self._lock:
            if not self._away_until:
                return
            if self._trying or time.monotonic() < self._away_until:
                raise _unavailable()
            self._trying = True

    def _leave(self, *, away: bool) -> None:
        with self._lock:
            self._trying = False
            was_away = self._away_until > 0.0
            self._away_until = time.monotonic() + REST_SECONDS if away else 0.0
        if away is not was_away:
            log.warning("database_away" if away else "database_back")


def _unavailable() -> UnavailableError:
    return UnavailableError("the database does not answer; try again")


def _is_away(error: Error) -> bool:
    """Not so where the server itself reported something else, such as a statement that took too long."""
    return error.sqlstate is None or error.sqlstate.startswith(("57P", "08"))
