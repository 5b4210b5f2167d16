"""A database that lasts as long as what is done in it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import ProgrammingError, sql
from psycopg.conninfo import make_conninfo

from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.migrator import MigrationError


@contextmanager
def scratch_database(settings: Settings, prefix: str) -> Iterator[str]:
    """The URL of a fresh, empty database on the same server, dropped after.

    Raises MigrationError where none can be made, UnavailableError.
    """
    name = f"{prefix}_{secrets.token_hex(4)}"
    with open_connection(settings) as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except ProgrammingError as error:
            raise MigrationError(f"no scratch database can be made: {str(error).splitlines()[0]}") from None
        try:
            yield make_conninfo(settings.database_url, dbname=name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
