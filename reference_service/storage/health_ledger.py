"""Health targets and the history of checks, in PostgreSQL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow

from reference_service.domain.health import HealthCheck, HealthTarget
from reference_service.storage.statements import statement


@dataclass(frozen=True, slots=True)
class HealthLedger:
    """`recorded` is called after each batch of checks, on the same thread."""

    connection: Connection[TupleRow]
    recorded: Callable[[], None] = lambda: None

    def targets(self) -> Sequence[HealthTarget]:
        """The health endpoints of all active vendors that have one."""
        rows = self.connection.execute(statement("health_targets"))
        return [HealthTarget(vendor_id, url) for vendor_id, url in rows]

    def record(self, checks: Sequence[HealthCheck]) -> None:
        """Append checks; those of vendors that are gone by now are dropped."""
        findings = [check.finding for check in checks]
        self.connection.execute(
            statement("record_health_checks"),
            {
                "vendor_ids": [check.vendor_id for check in checks],
                "statuses": [finding.status.value for finding in findings],
                "times": [finding.response_time_ms for finding in findings],
                "codes": [finding.status_code for finding in findings],
                "errors": [finding.error for finding in findings],
                "moments": [check.checked_at for check in checks],
            },
        )
        self.recorded()
