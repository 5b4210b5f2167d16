"""Migrations: up, down, and a rehearsal that notices what a rollback forgets."""

from collections.abc import Callable
from importlib.resources import files

import pytest

from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.migrator import (
    Migration,
    MigrationError,
    applied_versions,
    known_migrations,
    migrate_down,
    migrate_up,
)
from reference_service.storage.rehearsal import differences_of, rehearse, schema_shape


def test_each_migration_is_numbered_once_and_can_be_taken_back() -> None:
    migrations = known_migrations()
    assert [migration.version for migration in migrations] == list(range(1, len(migrations) + 1))
    assert all(migration.down.strip() for migration in migrations)


def test_up_is_applied_once_and_down_leaves_nothing(new_database: Callable[[], str]) -> None:
    with open_connection(Settings(database_url=new_database())) as connection:
        assert applied_versions(connection) == frozenset()
        assert migrate_up(connection) == known_migrations()
        assert migrate_up(connection) == ()
        assert "vendors" in {line.split()[1].split(".")[0] for line in schema_shape(connection)}
        assert migrate_down(connection, 0) == known_migrations()[::-1]
        assert schema_shape(connection) == frozenset()


def test_a_migration_that_this_release_does_not_know_is_not_taken_back(
    new_database: Callable[[], str],
) -> None:
    with open_connection(Settings(database_url=new_database())) as connection:
        migrate_up(connection)
        connection.execute("INSERT INTO schema_migrations VALUES (9999, 'of_tomorrow')")
        with pytest.raises(MigrationError, match="9999"):
            migrate_down(connection, 0)
        assert migrate_up(connection) == (), "newer ones do no harm"


def test_the_rollback_restores_the_schema(new_database: Callable[[], str]) -> None:
    assert rehearse(Settings(database_url=new_database())) == ()


def test_the_schema_file_is_what_the_migrations_come_to(new_database: Callable[[], str]) -> None:
    schema = (files("reference_service.storage") / "schema.sql").read_bytes()
    with (
        open_connection(Settings(database_url=new_database())) as migrated,
        open_connection(Settings(database_url=new_database())) as described,
    ):
        migrate_up(migrated)
        described.execute(schema)
        assert schema_shape(described) == schema_shape(migrated)


def test_a_rollback_that_forgets_something_is_told(new_database: Callable[[], str]) -> None:
    careless = (
        Migration(
            1, "first", "CREATE TABLE a (x int); CREATE TABLE b (y int);", "DROP TABLE IF EXISTS a, b;"
        ),
        Migration(2, "second", "CREATE INDEX i ON a (x); DROP TABLE b;", "SELECT 1;"),
    )
    with open_connection(Settings(database_url=new_database())) as connection:
        differences = differences_of(connection, careless)
    assert "down 0002: left over index CREATE INDEX i ON public.a USING btree (x)" in differences
    assert "down 0002: lost column b.y integer" in differences


def test_a_rollback_that_does_not_run_is_named(new_database: Callable[[], str]) -> None:
    broken = (Migration(1, "first", "CREATE TABLE a (x int);", "DROP TABLE b;"),)
    with (
        open_connection(Settings(database_url=new_database())) as connection,
        pytest.raises(MigrationError, match='0001_first: table "b" does not exist'),
    ):
        differences_of(connection, broken)
