"""Keeps scheduled rounds away from data that somebody works on by hand."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection
from psycopg.rows import TupleRow

from reference_service.domain.errors import UnavailableError
from reference_service.domain.worker_names import WorkerName
from reference_service.storage.worker_lock import try_lock, unlock

WAIT_SECONDS = 30.0
POLL_SECONDS = 0.1


def hold_schedule(connection: Connection[TupleRow], seconds: float) -> None:
    """No scheduled round begins for so long; those that are told by `work --once` do."""
    connection.execute(
        "INSERT INTO schedule_hold (held_until) VALUES (now() + make_interval(secs => %s))"
        " ON CONFLICT (only_row) DO UPDATE SET held_until = excluded.held_until",
        (seconds,),
    )


def lift_hold(connection: Connection[TupleRow]) -> None:
    connection.execute("DELETE FROM schedule_hold")


def prolong_hold(connection: Connection[TupleRow], seconds: float) -> None:
    """Of a hold that lasts, make the end this far away."""
    connection.execute(
        "UPDATE schedule_hold SET held_until = greatest(held_until, now() + make_interval(secs => %s))"
        " WHERE held_until > now()",
        (seconds,),
    )


def is_held(connection: Connection[TupleRow]) -> bool:
    return connection.execute("SELECT FROM schedule_hold WHERE held_until > now()").fetchone() is not None


@contextmanager
def without_rounds(connection: Connection[TupleRow], wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Nothing but the caller changes data meanwhile; the schedule must be held before.

    Raises UnavailableError where a round does not end within `wait` seconds.
    """
    deadline = time.monotonic() + wait
    for worker in WorkerName:
        while not try_lock(connection, worker):
            if time.monotonic() >= deadline:
                raise UnavailableError(f"a round of {worker.value} does not end; stop the worker")
            time.sleep(POLL_SECONDS)
    yield
    for worker in WorkerName:
        unlock(connection, worker)
