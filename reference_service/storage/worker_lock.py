"""The advisory lock that makes one process a worker's leader; it goes with its connection."""

from psycopg import Connection
from psycopg.rows import TupleRow

from reference_service.domain.worker_names import WorkerName


def try_lock(connection: Connection[TupleRow], worker: WorkerName) -> bool:
    """Take it, if nobody has it."""
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (f"worker {worker.value}",)
    ).fetchone()
    return row == (True,)


def unlock(connection: Connection[TupleRow], worker: WorkerName) -> None:
    connection.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", (f"worker {worker.value}",))
