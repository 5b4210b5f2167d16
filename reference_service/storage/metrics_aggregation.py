"""Aggregates the vendors' metrics in PostgreSQL: every part a set, all of them stored by one upsert."""

from dataclasses import dataclass

from psycopg import Connection, Error
from psycopg.rows import TupleRow

from reference_service.domain.aggregation import UPTIME_BOUNDS, Aggregated, FailedPart, banded
from reference_service.storage.search_preparation import prepare_searches
from reference_service.storage.statements import statement

PARTS = ("uptime", "latency", "payments", "activity", "rating")
LOW_UPTIME_PCT = 95


@dataclass(frozen=True, slots=True)
class MetricsAggregation:
    connection: Connection[TupleRow]

    def aggregate(self) -> Aggregated:
        """All parts of one snapshot, committed together.

        A part whose query fails keeps the last good values. Raises psycopg.Error where the connection is
        lost or the upsert itself fails; then nothing has changed.
        """
        with self.connection.transaction():
            self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            self.connection.execute(statement("aggregate_tables"))
            failed = tuple(found for part in PARTS if (found := self._compute(part)))
            broken = {failure.name for failure in failed}
            stored = self.connection.execute(
                statement("aggregate_upsert"), {part: part not in broken for part in PARTS}
            )
            low = self.connection.execute(statement("low_uptimes"), {"below": LOW_UPTIME_PCT}).fetchall()
            bands = self.connection.execute(statement("uptime_bands"), {"bounds": list(UPTIME_BOUNDS)})
            counts = banded((band, count) for band, count in bands)
        failed += self._prepare()
        uptimes = tuple((vendor_id, uptime) for vendor_id, uptime in low)
        return Aggregated(stored.rowcount, failed, uptimes, counts)

    def _compute(self, part: str) -> FailedPart | None:
        try:
            with self.connection.transaction():
                self.connection.execute(statement(f"aggregate_{part}"))
        except Error as error:
            return self._failed(part, error)
        return None

    def _prepare(self) -> tuple[FailedPart, ...]:
        """Searches go by the new figures; without it they are right too, but slower."""
        try:
            prepare_searches(self.connection)
        except Error as error:
            return (self._failed("prepared searches", error),)
        return ()

    def _failed(self, part: str, error: Error) -> FailedPart:
        if self.connection.closed or self.connection.broken:
            raise error
        return FailedPart(part, " ".join(str(error).split()))
