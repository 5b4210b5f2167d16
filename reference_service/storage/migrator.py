"""Migrations: numbered pairs of SQL files, applied in order, each in a transaction with its record."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from psycopg import Connection
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


def is_current(connection: Connection[TupleRow]) -> bool:
    """Whether every migration of this release is applied; newer ones on record do no harm."""
    return {migration.version for migration in known_migrations()} <= applied_versions(connection)


def migrate_up(connection: Connection[TupleRow], to: int | None = None) -> tuple[Migration, ...]:
    """Apply what is missing, up to and including version `to` (default: all)."""
    with _alone(connection):
        connection.execute(_TABLE)
        applied = applied_versions(connection)
        missing = [
            m for m in known_migrations() if m.version not in applied and (to is None or m.version <= to)
        ]
        for migration in missing:
            _run(connection, migration.up)
            connection.execute(
                "INSERT INTO schema_migrations (version, name) VALUES (%s, %s)",
                (migration.version, migration.name),
            )
    return tuple(missing)


def migrate_down(connection: Connection[TupleRow], to: int) -> tuple[Migration, ...]:
    """Take back every migration after version `to`, the newest first.

    Raises MigrationError where this release does not know one that is applied.
    """
    known = {migration.version: migration for migration in known_migrations()}
    with _alone(connection):
        versions = sorted((v for v in applied_versions(connection) if v > to), reverse=True)
        if unknown := [version for version in versions if version not in known]:
            raise MigrationError(f"migration {unknown[0]:04d} is applied but not of this release")
        for version in versions:
            _run(connection, known[version].down)
            connection.execute("DELETE FROM schema_migrations WHERE version = %s", (version,))
    return tuple(known[version] for version in versions)


@contextmanager
def _alone(connection: Connection[TupleRow]) -> Iterator[None]:
    """One transaction in which nobody else migrates this database."""
    with connection.transaction():
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        yield


def _run(connection: Connection[TupleRow], script: str) -> None:
    connection.execute(script.encode())


def _down(folder: Traversable, up: re.Match[str]) -> str:
    return (folder / f"{up[1]}_{up[2]}.down.sql").read_text("utf-8")
