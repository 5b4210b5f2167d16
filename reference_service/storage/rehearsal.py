"""A rehearsal of the rollback: every migration taken back must restore the schema that was before it."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from psycopg import Connection, ProgrammingError, sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.migrator import (
    Migration,
    MigrationError,
    known_migrations,
    migrate_down,
    migrate_up,
)
from reference_service.storage.statements import statement


def rehearse(settings: Settings) -> tuple[str, ...]:
    """What differs after a rollback; nothing where each migration restores what was before it.

    Raises MigrationError, UnavailableError.
    """
    with _scratch_database(settings) as connection:
        return differences_of(connection, known_migrations())


def differences_of(connection: Connection[TupleRow], migrations: Sequence[Migration]) -> tuple[str, ...]:
    """Apply the migrations to an empty database, take each back in turn, and apply them all again."""
    before: dict[int, frozenset[str]] = {}
    for migration in migrations:
        before[migration.version] = schema_shape(connection)
        migrate_up(connection, migration.version, migrations)
    whole = schema_shape(connection)
    differences: list[str] = []
    for migration in reversed(migrations):
        migrate_down(connection, migration.version - 1, migrations)
        expected = before[migration.version]
        differences += _differences(f"down {migration.version:04d}", expected, schema_shape(connection))
    if not differences:
        migrate_up(connection, known=migrations)
        differences += _differences("up again", whole, schema_shape(connection))
    return tuple(differences)


def schema_shape(connection: Connection[TupleRow]) -> frozenset[str]:
    """Every column, constraint, index and function of the schema, a line each."""
    return frozenset(row[0] for row in connection.execute(statement("schema_shape")))


def _differences(step: str, before: frozenset[str], after: frozenset[str]) -> list[str]:
    return [f"{step}: lost {line}" for line in sorted(before - after)] + [
        f"{step}: left over {line}" for line in sorted(after - before)
    ]


@contextmanager
def _scratch_database(settings: Settings) -> Iterator[Connection[TupleRow]]:
    name = f"rollback_rehearsal_{secrets.token_hex(4)}"
    with open_connection(settings) as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except ProgrammingError as error:
            raise MigrationError(f"no scratch database can be made: {str(error).splitlines()[0]}") from None
        try:
            url = make_conninfo(settings.database_url, dbname=name)
            with open_connection(settings, url) as connection:
                yield connection
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
