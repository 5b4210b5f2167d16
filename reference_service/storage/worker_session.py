"""The connection of a worker: it holds the leader's lock, and the worker's rounds run on it.

Lock and work share one connection on purpose: a worker that loses the lock has lost its transaction too, so
an aggregate is never written by one that no longer leads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import Connection, Error, OperationalError, connect
from psycopg.rows import TupleRow

from reference_service.domain.errors import UnavailableError
from reference_service.domain.worker_names import WorkerName
from reference_service.settings import Settings
from reference_service.storage.bounded_connection import SOCKET_LIMITS
from reference_service.storage.schedule_hold import is_held, prolong_hold
from reference_service.storage.statements import statement
from reference_service.storage.worker_lock import try_lock

STATEMENT_TIMEOUT_MS = 120_000
CANCEL_SECONDS = 0.5
# A killed worker's lock goes with its connection: notice a dead peer, even in mid-query, within seconds.
_OPTIONS = (
    f"-c timezone=UTC -c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=10000"
    " -c client_connection_check_interval=1000 -c client_min_messages=warning"
    " -c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3"
    # Nobody knows the size of a round before: compiling for the worst costs more than the round.
    " -c jit=off -c random_page_cost=1.1 -c work_mem=32MB"
    " -c application_name=marketplace-worker"
)


@dataclass(frozen=True, slots=True)
class WorkerSession:
    """One worker's connection, in autocommit mode."""

    connection: Connection[TupleRow]
    hold_seconds: float

    @property
    def broken(self) -> bool:
        return self.connection.closed or self.connection.broken

    def try_to_lead(self, worker: WorkerName) -> bool:
        """Take the worker's advisory lock, if nobody has it, until the connection ends."""
        return try_lock(self.connection, worker)

    def schedule_is_held(self) -> bool:
        """Whether scheduled rounds are to stay away. Raises psycopg.OperationalError without a connection."""
        return is_held(self.connection)

    def keep_hold(self) -> None:
        """If the schedule is held, so that this round is part of the work by hand, hold it on."""
        prolong_hold(self.connection, self.hold_seconds)

    def beat(self, worker: WorkerName, interval: float) -> None:
        """Record that a round has succeeded, and how often one is due (seconds)."""
        self.connection.execute(statement("record_heartbeat"), {"worker": worker.value, "interval": interval})

    def progress(self, worker: WorkerName, interval: float) -> None:
        """Record that a round goes on, and how often one is due (seconds)."""
        self.connection.execute(statement("record_progress"), {"worker": worker.value, "interval": interval})

    def explains(self, error: BaseException) -> bool:
        return isinstance(error, Error)

    def cancel(self) -> None:
        """Cancel the statement that runs now, if one does."""
        self.connection.cancel_safe(timeout=CANCEL_SECONDS)


@contextmanager
def open_worker_session(settings: Settings) -> Iterator[WorkerSession]:
    """Raises UnavailableError where the server does not answer."""
    try:
        connection = connect(
            settings.database_url, autocommit=True, options=_OPTIONS, connect_timeout=5, **SOCKET_LIMITS
        )
    except OperationalError as error:
        raise UnavailableError(f"the database does not answer: {str(error).splitlines()[0]}") from None
    with connection:
        yield WorkerSession(connection, settings.schedule_hold)
