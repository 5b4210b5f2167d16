"""Replaces all data by a generated catalogue, with COPY."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from reference_service.storage.partitions import HealthPartitions
from reference_service.storage.statements import statement


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows: named tuples, whose fields are its columns."""

    name: str
    rows: Sequence[tuple[Any, ...]]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(getattr(self.rows[0], "_fields", ())) if self.rows else ()


def replace_catalogue(
    connection: Connection[TupleRow], tables: Sequence[Table], months: Sequence[datetime]
) -> None:
    """Load everything in one transaction; `months` holds a moment of each month with health checks."""
    with connection.transaction():
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute(statement("truncate_all"))
        HealthPartitions(connection).ensure(months)
        for table in tables:
            _copy(connection, table)
        connection.execute(statement("continue_vendor_ids"))
        connection.execute("ANALYZE")


def _copy(connection: Connection[TupleRow], table: Table) -> None:
    if not table.rows:
        return
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in table.rows:
            copy.write_row(row)
