"""A connection that waits only so long for its server, however silent that is."""

import time
from collections.abc import Generator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from psycopg.rows import TupleRow
from psycopg.waiting import Ready, Wait

T = TypeVar("T")
_LOOK_SECONDS = 0.1
SOCKET_LIMITS: Mapping[str, Any] = MappingProxyType(
    {
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
    }
)
"""For libpq: a host that has gone without a word is noticed, by whoever waits and while nobody does."""


class SilentServerError(OperationalError):
    """The server did not answer in the time in which it ends every statement."""


class BoundedConnection(Connection[TupleRow]):
    """Closes itself, and raises SilentServerError, where an answer takes more than `longest_wait` seconds."""

    longest_wait = float("inf")

    def wait(self, gen: PQGen[T], interval: float = _LOOK_SECONDS, timeout: float | None = None) -> T:
        try:
            return super().wait(_bounded(gen, self.longest_wait), interval, timeout)
        except SilentServerError:
            self.pgconn.finish()
            raise


def _bounded(gen: PQGen[T], seconds: float) -> Generator[Wait, Ready | int, T]:
    """The same; whoever drives it tells it often that nothing has come yet."""
    deadline = time.monotonic() + seconds
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > deadline:
                raise SilentServerError("the server does not answer")
            wanted = gen.send(ready)
    except StopIteration as end:
        value: T = end.value
        return value
