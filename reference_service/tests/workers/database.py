"""A migrated database with a few vendors, for the tests of what the workers store."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection, connect
from psycopg.rows import TupleRow, dict_row

from reference_service.settings import Settings
from reference_service.storage.migrator import migrate_up
from reference_service.storage.worker_session import WorkerSession, open_worker_session


@dataclass(frozen=True)
class Marketplace:
    """A database and the ways of the tests into it."""

    url: str
    connection: Connection[TupleRow]

    @property
    def settings(self) -> Settings:
        return Settings(database_url=self.url)

    @contextmanager
    def session(self) -> Iterator[WorkerSession]:
        with open_worker_session(self.settings) as session:
            yield session

    def add_vendor(
        self,
        vendor_id: int,
        *,
        status: str = "active",
        base_url: str = "http://v",
        endpoint: str | None = "/h",
    ) -> None:
        self.connection.execute(
            "INSERT INTO vendors (id, app_id, slug, service_name, description, category, base_url,"
            " health_endpoint, default_price_usd, status) VALUES (%s, %s, %s, 'A', 'B', 'C', %s, %s, 1, %s)",
            (vendor_id, f"app-{vendor_id}", f"vendor-{vendor_id}", base_url, endpoint, status),
        )

    def add_checks(self, vendor_id: int, moment: datetime, *statuses: str) -> None:
        self.connection.execute("SELECT ensure_health_partition(%s)", (moment,))
        self._insert(
            "INSERT INTO vendor_health_checks (vendor_id, status, checked_at) VALUES (%s, %s, %s)",
            [(vendor_id, status, moment) for status in statuses],
        )

    def add_telemetry(self, vendor_id: int, moment: datetime, *times: float) -> None:
        self._insert(
            "INSERT INTO gateway_telemetry (vendor_id, response_time_ms, status_code, created_at)"
            " VALUES (%s, %s, 200, %s)",
            [(vendor_id, time, moment) for time in times],
        )

    def add_payments(self, vendor_id: int, moment: datetime, *payments: tuple[str, str, str]) -> None:
        """Payments are agent, amount and status."""
        self._insert(
            "INSERT INTO payment_intents (vendor_id, agent_id, amount_usd, status, created_at)"
            " VALUES (%s, %s, %s, %s, %s)",
            [(vendor_id, *payment, moment) for payment in payments],
        )

    def add_disputes(self, vendor_id: int, *statuses: str) -> None:
        self._insert(
            "INSERT INTO vendor_disputes (vendor_id, status) VALUES (%s, %s)",
            [(vendor_id, status) for status in statuses],
        )

    def metrics(self, vendor_id: int) -> Mapping[str, Any]:
        with self.connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute("SELECT * FROM vendor_metrics WHERE vendor_id = %s", (vendor_id,)).fetchone()
        assert row is not None, f"vendor {vendor_id} has no metrics"
        return row

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.encode()).fetchall()

    def _insert(self, command: str, rows: Sequence[tuple[object, ...]]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(command.encode(), rows)


@contextmanager
def open_marketplace(url: str) -> Iterator[Marketplace]:
    """Migrates the database; every statement of a test is committed at once."""
    with connect(url, autocommit=True) as connection:
        migrate_up(connection)
        yield Marketplace(url, connection)
