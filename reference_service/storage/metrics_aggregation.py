"""Aggregates the vendors' metrics in PostgreSQL: every part a set, all of them stored by one statement.

A round computes what has changed since the last one; each part remembers how far it came. A part that has
never run, has failed, or was last computed anew a day ago, reads all there is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection, Error
from psycopg.rows import TupleRow

from reference_service.domain.aggregation import (
    UPTIME_BOUNDS,
    Aggregated,
    FailedPart,
    Watermark,
    banded,
)
from reference_service.storage.search_preparation import prepare_searches
from reference_service.storage.statements import statement

LOW_UPTIME_PCT = 95

# What the round itself writes to vendor_metrics is not noted.
_BEGIN = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL marketplace.aggregating = on"
# The planner does not know what has just arrived, and would look up thousands one by one or sort them. Of the
# past, which it knows, few are read anew, or all.
_ONLY_HASHING = "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off"
_ANY_JOIN = "SET LOCAL enable_nestloop = on; SET LOCAL enable_mergejoin = on"


@dataclass(frozen=True, slots=True)
class Part:
    """Figures computed together: first from what has changed, then anew for those whom that leaves."""

    name: str
    shifts: tuple[str, ...] = ()
    remembers: tuple[str, ...] = ()


PARTS = (
    Part("uptime", ("uptime_shift",)),
    Part(
        "latency",
        ("latency_shift", "latency_exhausted"),
        ("latency_forget", "latency_remember"),
    ),
    Part("payments"),
    Part("activity", ("activity_shift",)),
    Part("rating"),
)


@dataclass(frozen=True, slots=True)
class MetricsAggregation:
    connection: Connection[TupleRow]
    parts: tuple[Part, ...] = PARTS
    prepare: Callable[[Connection[TupleRow]], object] = prepare_searches

    def aggregate(self, now: datetime | None = None) -> Aggregated:
        """All parts of one snapshot, committed together; as of `now`, or of the server's clock.

        A part whose query fails keeps the last good values. Raises psycopg.Error where the connection is
        lost or the upsert itself fails; then nothing has changed.
        """
        with self.connection.transaction():
            self.connection.execute(_BEGIN)
            failed = self._store(now or self._now()) + self._prepare()
            return self._summary(failed)

    def _now(self) -> datetime:
        (row,) = self.connection.execute("SELECT now()")
        moment: datetime = row[0]
        return moment

    def _store(self, now: datetime) -> tuple[FailedPart, ...]:
        self.connection.execute(statement("aggregate_tables"))
        rows = self.connection.execute(statement("aggregation_watermarks"))
        watermarks = {part: Watermark(as_of, computed_at) for part, as_of, computed_at in rows}
        anew = frozenset(
            part.name
            for part in self.parts
            if part.name not in watermarks or watermarks[part.name].is_too_old(now)
        )
        self.connection.execute(statement("aggregate_changes"), {"anew": bool(anew)})
        self.connection.execute(_ONLY_HASHING)
        failed = tuple(
            found
            for part in self.parts
            if (found := self._compute(part, None if part.name in anew else watermarks[part.name].as_of, now))
        )
        self.connection.execute(statement("aggregate_taken"))
        self._advance(now, anew, frozenset(failure.name for failure in failed))
        self._upsert(now)
        self.connection.execute(_ANY_JOIN)
        return failed

    def _compute(self, part: Part, as_of: datetime | None, now: datetime) -> FailedPart | None:
        if as_of and not part.shifts and not self._some_are_stale(part):
            return None
        try:
            with self.connection.transaction():
                self._run(part, {"part": part.name, "now": now, "as_of": as_of})
        except Error as error:
            return self._failed(part.name, error)
        return None

    def _run(self, part: Part, known: Mapping[str, object]) -> None:
        for name in part.shifts if known["as_of"] else ("anew",):
            self.connection.execute(statement(f"aggregate_{name}"), known)
        if self._some_are_stale(part):
            self.connection.execute(_ANY_JOIN)
            for name in (part.name, *part.remembers):
                self.connection.execute(statement(f"aggregate_{name}"), known)
            self.connection.execute(statement("aggregate_starting", part=part.name))
            self.connection.execute(_ONLY_HASHING)

    def _some_are_stale(self, part: Part) -> bool:
        found = self.connection.execute("SELECT FROM stale WHERE part = %s LIMIT 1", (part.name,))
        return found.rowcount > 0

    def _advance(self, now: datetime, anew: frozenset[str], failed: frozenset[str]) -> None:
        """A part that failed is computed anew in the next round."""
        done = [part.name for part in self.parts if part.name not in failed]
        self.connection.execute("DELETE FROM aggregation_watermarks WHERE part = ANY (%s)", (list(failed),))
        self.connection.execute(
            statement("aggregate_watermarks"), {"now": now, "parts": done, "anew": list(anew)}
        )

    def _upsert(self, now: datetime) -> None:
        waiting = [part for (part,) in self.connection.execute(statement("aggregate_waiting"))]
        if waiting:
            figures = (statement(f"aggregate_{part}_figures").decode().rstrip() for part in waiting)
            fresh = (f"fresh_{part}" for part in waiting)
            upsert = statement(
                "aggregate_upsert", figures=",\n".join(figures), fresh=" NATURAL FULL JOIN ".join(fresh)
            )
            self.connection.execute(upsert, {"now": now})

    def _summary(self, failed: tuple[FailedPart, ...]) -> Aggregated:
        asked = {"below": LOW_UPTIME_PCT, "bounds": list(UPTIME_BOUNDS)}
        rows = self.connection.execute(statement("uptimes"), asked).fetchall()
        active = [(band, *rest) for band, is_active, *rest in rows if is_active]
        low = sorted(
            (uptime, vendor_id)
            for *_, ids, uptimes in active
            for vendor_id, uptime in zip(ids, uptimes, strict=True)
        )
        return Aggregated(
            vendors=sum(row[2] for row in rows),
            failed=failed,
            low_uptimes=tuple((vendor_id, uptime) for uptime, vendor_id in low),
            uptime_bands=banded((band, vendors) for band, vendors, *_ in active),
        )

    def _prepare(self) -> tuple[FailedPart, ...]:
        """Figures and what is prepared of them appear together; without it searches are right, but slower."""
        try:
            with self.connection.transaction():
                self.prepare(self.connection)
        except Error as error:
            return (self._failed("prepared searches", error),)
        return ()

    def _failed(self, part: str, error: Error) -> FailedPart:
        if self.connection.closed or self.connection.broken:
            raise error
        return FailedPart(part, " ".join(str(error).split()))
