"""The monthly partitions of `vendor_health_checks`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from reference_service.domain.retention import Partition
from reference_service.storage.statements import statement


@dataclass(frozen=True, slots=True)
class HealthPartitions:
    connection: Connection[TupleRow]

    def ensure(self, months: Sequence[datetime]) -> None:
        self.connection.execute(
            "SELECT ensure_health_partition(month) FROM unnest(%s::timestamptz[]) AS month", (list(months),)
        )

    def existing(self) -> Sequence[Partition]:
        rows = self.connection.execute(statement("health_partitions"))
        return [Partition(name, ends) for name, ends in rows]

    def drop(self, partition: Partition) -> None:
        self.connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(partition.name)))
