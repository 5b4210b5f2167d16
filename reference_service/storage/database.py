"""Queries through the pool; where no server answers, UnavailableError, and for a moment after at once."""

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from threading import Lock
from typing import Any

from psycopg import Connection, Error, InterfaceError, OperationalError
from psycopg.rows import TupleRow
from psycopg_pool import PoolTimeout, TooManyRequests

from reference_service.domain.errors import UnavailableError
from reference_service.storage.pool import Pool

_AWAY = "the database does not answer; try again"
REST_SECONDS = 0.25


class Database:
    """Runs statements. After a failed connection all callers are refused for a moment, then all but one."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock = Lock()
        self._away_until = 0.0
        self._trying = False

    def rows(
        self, statement: bytes, parameters: Mapping[str, object] | None = None
    ) -> Sequence[tuple[Any, ...]]:
        """All rows of one statement.

        Raises UnavailableError.
        """
        self._enter()
        away = True
        try:
            with self._connection() as connection:
                found = connection.execute(statement, parameters).fetchall()
            away = False
        except (OperationalError, InterfaceError, PoolTimeout, TooManyRequests) as error:
            away = not _server_answered(error)
            raise UnavailableError(_AWAY) from error
        except BaseException:
            away = False
            raise
        finally:
            self._leave(away=away)
        return found

    def close(self) -> None:
        self._pool.close()

    def _connection(self) -> AbstractContextManager[Connection[TupleRow]]:
        return self._pool.connection()

    def _enter(self) -> None:
        with self._lock:
            if not self._away_until:
                return
            if self._trying or time.monotonic() < self._away_until:
                raise UnavailableError(_AWAY)
            self._trying = True

    def _leave(self, *, away: bool) -> None:
        with self._lock:
            self._trying = False
            self._away_until = time.monotonic() + REST_SECONDS if away else 0.0


def _server_answered(error: Exception) -> bool:
    """An error that the server itself reported, such as a statement that took too long."""
    return (
        isinstance(error, Error)
        and error.sqlstate is not None
        and not error.sqlstate.startswith(("57P", "08"))
    )
