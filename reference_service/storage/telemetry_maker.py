"""Makes up telemetry for measurements: much of it, quickly."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import TupleRow

from reference_service.storage.statements import statement

_BATCH = 500  # rows that a gateway writes at once


@dataclass(frozen=True, slots=True)
class TelemetryMaker:
    """Vendors 1 to `vendors`; the n-th has a share in proportion to n ** -`skew`: 0 is uniform."""

    connection: Connection[TupleRow]
    vendors: int
    skew: float

    def fill(self, rows: int, begins: datetime, ends: datetime) -> None:
        """Put vendors and rows in place of everything."""
        self.connection.execute("SET statement_timeout = 0")
        self.connection.execute(statement("truncate_all"))
        self.connection.execute(statement("make_vendors"), {"vendors": self.vendors})
        # Millions of rows are not checked one by one; what is noted of arrivals is not wanted here.
        self.connection.execute("SET session_replication_role = replica")
        self._write(rows, begins, ends)
        self.connection.execute("SET session_replication_role = origin")
        self.settle()

    def arrive(self, rows: int, begins: datetime, ends: datetime) -> None:
        """Write rows as a gateway does, a few at once."""
        step = (ends - begins) / rows
        for first in range(0, rows, _BATCH):
            count = min(_BATCH, rows - first)
            self._write(count, begins + first * step, begins + (first + count) * step)

    def forget(self) -> None:
        """Let the next round compute all anew."""
        self.connection.execute("DELETE FROM aggregation_watermarks")

    def settle(self) -> None:
        self.connection.execute("VACUUM ANALYZE")

    def _write(self, rows: int, begins: datetime, ends: datetime) -> None:
        self.connection.execute(
            statement("make_telemetry"),
            {"vendors": self.vendors, "skew": self.skew, "rows": rows, "begins": begins, "ends": ends},
        )
