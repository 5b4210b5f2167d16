"""A single connection, for commands that run and end."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection, OperationalError, connect
from psycopg.rows import TupleRow

from reference_service.domain.errors import UnavailableError
from reference_service.settings import Settings
from reference_service.storage.pool import session_options


@contextmanager
def open_connection(settings: Settings, database_url: str | None = None) -> Iterator[Connection[TupleRow]]:
    """A connection in autocommit mode, closed after.

    Raises UnavailableError where the server does not answer.
    """
    try:
        connection = connect(
            database_url or settings.database_url,
            autocommit=True,
            options=session_options(settings),
            connect_timeout=5,
        )
    except OperationalError as error:
        raise UnavailableError(f"the database does not answer: {str(error).splitlines()[0]}") from None
    with connection:
        yield connection
