"""A rehearsal of the rollback: every migration taken back must restore the schema that was before it."""

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import TupleRow

from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.migrator import Migration, known_migrations, migrate_down, migrate_up
from reference_service.storage.scratch import scratch_database
from reference_service.storage.statements import statement


def rehearse(settings: Settings) -> tuple[str, ...]:
    """What differs after a rollback; nothing where each migration restores what was before it.

    Raises MigrationError, UnavailableError.
    """
    with (
        scratch_database(settings, "rollback_rehearsal") as url,
        open_connection(settings, url) as connection,
    ):
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
    """Every table, column, constraint, index, function, trigger and sequence of the schema, a line each."""
    return frozenset(row[0] for row in connection.execute(statement("schema_shape")))


def _differences(step: str, before: frozenset[str], after: frozenset[str]) -> list[str]:
    return [f"{step}: lost {line}" for line in sorted(before - after)] + [
        f"{step}: left over {line}" for line in sorted(after - before)
    ]
