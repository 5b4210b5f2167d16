"""What operators ask of the database."""

from collections.abc import Mapping

from psycopg.errors import UndefinedTable

from reference_service.domain.progress import Heartbeat
from reference_service.storage.database import Database
from reference_service.storage.migrator import known_migrations
from reference_service.storage.statements import statement


class Operations:
    """Every method raises UnavailableError where the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._heartbeats = statement("heartbeats")
        self._needed = frozenset(migration.version for migration in known_migrations())

    def migrations_are_current(self) -> bool:
        try:
            rows = self._database.rows(b"SELECT version FROM schema_migrations")
        except UndefinedTable:
            return False
        return self._needed <= {row[0] for row in rows}

    def heartbeats(self) -> Mapping[str, Heartbeat]:
        return {row[0]: Heartbeat(row[1], row[2]) for row in self._database.rows(self._heartbeats)}
