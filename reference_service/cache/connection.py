"""Redis, which may be away: a failed call is None, and for a moment after nobody waits for it again."""

import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

REST_SECONDS = 1.0
WAIT_SECONDS = 0.25
GENERATION_KEY = "discovery:generation"
T = TypeVar("T")


class RedisConnection:
    """Calls to Redis with a bounded wait.

    What was to be invalidated during an outage is not known after it: the first call to get through sets a
    fresh generation first.
    """

    def __init__(
        self, url: str, fresh_generation: Callable[[], str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = redis.Redis.from_url(
            url,
            socket_timeout=WAIT_SECONDS,
            socket_connect_timeout=WAIT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._fresh_generation = fresh_generation
        self._clock = clock
        self._lock = Lock()
        self._away_until = 0.0

    @property
    def away(self) -> bool:
        return self._away_until > 0.0

    def call(self, action: Callable[[redis.Redis], T]) -> T | None:
        """The action's result, or None where Redis does not answer or refuses."""
        if not self._may_try():
            return None
        try:
            if self.away:
                self._client.set(GENERATION_KEY, self._fresh_generation())
            result = action(self._client)
        except redis.RedisError:
            self._away_until = self._clock() + REST_SECONDS
            return None
        self._away_until = 0.0
        return result

    def close(self) -> None:
        self._client.close()

    def _may_try(self) -> bool:
        """True while Redis answers; after a rest, for one caller, so that the others need not wait."""
        if not self.away:
            return True
        with self._lock:
            if self._away_until > self._clock():
                return False
            self._away_until = self._clock() + REST_SECONDS
            return True
