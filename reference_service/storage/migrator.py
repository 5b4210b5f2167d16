"""Migrations: numbered pairs of SQL files, applied in order, each in a transaction with its record."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from psycopg import Connection, ProgrammingError
from psycopg.rows import TupleRow

LOCK = 7_240_113
_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.up\.sql")
_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version    integer PRIMARY KEY,
    name       text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class MigrationError(Exception):
    """The migrations asked for cannot be applied; `str()` is one line."""


@dataclass(frozen=True, slots=True)
class Migration:
    version: int
    name: str
    up: str
    down: str


def known_migrations() -> tuple[Migration, ...]:
    """The migrations of this release, in order."""
    folder = files("reference_service.storage") / "migrations"
    found = [(match, entry) for entry in folder.iterdir() if (match := _NAME.fullmatch(entry.name))]
    return tuple(
        Migration(int(match[1]), match[2], entry.read_text("utf-8"), _down(folder, match))
        for match, entry in sorted(found, key=lambda pair: pair[0][1])
    )


def applied_versions(connection: Connection[TupleRow]) -> frozenset[int]:
    """The versions on record; empty where nothing was ever migrated."""
    if connection.execute("SELECT to_regclass('schema_migrations')").fetchone() == (None,):
        return frozenset()
    return frozenset(row[0] for row in connection.execute("SELECT version FROM schema_migrations"))


def migrate_up(
    connection: Connection[TupleRow], to: int | None = None, known: Sequence[Migration] | None = None
) -> tuple[Migration, ...]:
    """Apply what is missing of the known (default: this release's), up to version `to` (default: all)."""
    with _alone(connection):
        connection.execute(_TABLE)
        applied = applied_versions(connection)
        missing = [
            migration
            for migration in known or known_migrations()
            if migration.version not in applied and (to is None or migration.version <= to)
        ]
        for migration in missing:
            _run(connection, migration, migration.up)
            connection.execute(
                "INSERT INTO schema_migrations (version, name) VALUES (%s, %s)",
                (migration.version, migration.name),
            )
    return tuple(missing)


def migrate_down(
    connection: Connection[TupleRow], to: int, known: Sequence[Migration] | None = None
) -> tuple[Migration, ...]:
    """Take back every migration after version `to`, the newest first.

    Raises MigrationError where one is applied that is not known (default: to this release).
    """
    by_version = {migration.version: migration for migration in known or known_migrations()}
    with _alone(connection):
        versions = sorted((v for v in applied_versions(connection) if v > to), reverse=True)
        if unknown := [version for version in versions if version not in by_version]:
            raise MigrationError(f"migration {unknown[0]:04d} is applied but not of this release")
        for version in versions:
            _run(connection, by_version[version], by_version[version].down)
            connection.execute("DELETE FROM schema_migrations WHERE version = %s", (version,))
    return tuple(by_version[version] for version in versions)


@contextmanager
def _alone(connection: Connection[TupleRow]) -> Iterator[None]:
    """One transaction in which nobody else migrates this database."""
    with connection.transaction():
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        yield


def _run(connection: Connection[TupleRow], migration: Migration, script: str) -> None:
    try:
        connection.execute(script.encode())
    except ProgrammingError as error:
        problem = str(error).splitlines()[0]
        raise MigrationError(f"migration {migration.version:04d}_{migration.name}: {problem}") from None


def _down(folder: Traversable, up: re.Match[str]) -> str:
    return (folder / f"{up[1]}_{up[2]}.down.sql").read_text("utf-8")
