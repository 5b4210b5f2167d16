"""Admission of requests: the shared moving window in Redis, or this process's own where Redis is away."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from redis import Redis

from reference_service.cache.connection import GENERATION_KEY, RedisConnection, RedisScript
from reference_service.domain.rate import Hit, RateLimit

MOST_LOCAL_CLIENTS = 100_000
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Admission:
    """`generation` is the data's, read in the same round trip; None where Redis is away."""

    hit: Hit
    generation: str | None


class Admissions:
    """Counts requests by client."""

    def __init__(
        self, connection: RedisConnection | None, limit: RateLimit, fresh_generation: Callable[[], str]
    ) -> None:
        self._connection = connection
        self._limit = limit
        self._fresh_generation = fresh_generation
        self._script = RedisScript("hit")
        self._local = LocalWindows(limit, time.time)

    def answers(self) -> bool:
        """Whether Redis answers now, so that the limit holds over all processes."""
        return self._connection is not None and self._connection.call(lambda redis: redis.ping()) is True

    def admit(self, client: str) -> Admission:
        connection = self._connection
        answer = connection.call(lambda redis: self._hit(redis, client)) if connection else None
        return answer or Admission(self._local.hit(client), None)

    def _hit(self, client: Redis, name: str) -> Admission:
        answer = self._script.run(
            client,
            (f"discovery:window:{name}", GENERATION_KEY),
            self._limit.requests,
            self._limit.seconds * _MICROSECONDS,
            self._fresh_generation(),
        )
        served, count, oldest, now, generation = answer
        hit = Hit(self._limit, served == 1, count, float(oldest) / _MICROSECONDS, float(now) / _MICROSECONDS)
        return Admission(hit, generation.decode())


class LocalWindows:
    """The exact moving window in one process's memory, for a bounded number of clients."""

    def __init__(self, limit: RateLimit, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._windows: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def hit(self, client: str) -> Hit:
        now = self._clock()
        with self._lock:
            window = self._windows.setdefault(client, deque())
            self._windows.move_to_end(client)
            while window and window[0] <= now - self._limit.seconds:
                window.popleft()
            served = len(window) < self._limit.requests
            if served:
                window.append(now)
            if len(self._windows) > MOST_LOCAL_CLIENTS:
                self._windows.popitem(last=False)
            return Hit(self._limit, served, len(window), window[0], now)
