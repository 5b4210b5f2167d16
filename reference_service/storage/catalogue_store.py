"""Replaces all data by a generated catalogue, with COPY."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from reference_service.storage.partitions import HealthPartitions
from reference_service.storage.statements import statement


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows, in the order of `columns`; read once."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]


def replace_catalogue(
    connection: Connection[TupleRow], tables: Sequence[Table], months: Sequence[datetime]
) -> dict[str, int]:
    """Load everything in one transaction; how many rows each table has now.

    `months` holds a moment of each month with health checks.
    """
    with connection.transaction():
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute(statement("truncate_all"))
        HealthPartitions(connection).ensure(months)
        counts = {table.name: _copy(connection, table) for table in tables}
        connection.execute(statement("continue_vendor_ids"))
        connection.execute("ANALYZE")
    return counts


def _copy(connection: Connection[TupleRow], table: Table) -> int:
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with connection.cursor() as cursor:
        with cursor.copy(command) as copy:
            for row in table.rows:
                copy.write_row(row)
        return cursor.rowcount
