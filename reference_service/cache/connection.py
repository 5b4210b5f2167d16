"""Redis, which may be away: a failed call is None, and for a moment after nobody waits for it again."""

import hashlib
import time
from collections.abc import Callable, Sequence
from importlib.resources import files
from threading import Lock
from typing import Any, TypeVar

import redis
import structlog
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError
from redis.retry import Retry

REST_SECONDS = 1.0
WAIT_SECONDS = 0.25
GENERATION_KEY = "discovery:generation"
"""Deleted to invalidate, which even a full Redis does; the next request makes a fresh one."""
T = TypeVar("T")

log = structlog.get_logger(__name__)


class RedisConnection:
    """Calls to Redis with a bounded wait.

    What was to be invalidated during an outage is not known after it: the first call to get through ends the
    generation first.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = redis.Redis.from_url(
            url,
            socket_timeout=WAIT_SECONDS,
            socket_connect_timeout=WAIT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._clock = clock
        self._lock = Lock()
        self._away_until = 0.0

    @property
    def away(self) -> bool:
        return self._away_until > 0.0

    def call(self, action: Callable[[redis.Redis], T]) -> T | None:
        """The action's result, or None where Redis does not answer or refuses; full is not away."""
        if not self._may_try():
            return None
        result: T | None = None
        try:
            if self.away:
                self._client.delete(GENERATION_KEY)
            result = action(self._client)
        except redis.exceptions.OutOfMemoryError:
            pass
        except redis.RedisError as error:
            self._leave_alone(error)
            return None
        self._use_again()
        return result

    def close(self) -> None:
        self._client.close()

    def _leave_alone(self, error: redis.RedisError) -> None:
        with self._lock:
            news = not self.away
            self._away_until = self._clock() + REST_SECONDS
        if news:
            log.warning("redis_away", error=type(error).__name__)

    def _use_again(self) -> None:
        if not self.away:
            return
        with self._lock:
            news = self.away
            self._away_until = 0.0
        if news:
            log.warning("redis_back")

    def _may_try(self) -> bool:
        """True while Redis answers; after a rest, for one caller, so that the others need not wait."""
        if not self.away:
            return True
        with self._lock:
            if self._away_until > self._clock():
                return False
            self._away_until = self._clock() + REST_SECONDS
            return True


class RedisScript:
    """A Lua script beside this file, sent whole only where the server does not know it."""

    def __init__(self, name: str) -> None:
        self._text = (files("reference_service.cache") / f"{name}.lua").read_text("utf-8")
        self._sha = hashlib.sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    def run(self, client: redis.Redis, keys: Sequence[str], *arguments: str | int) -> Any:
        """Raises redis.RedisError."""
        try:
            return client.evalsha(self._sha, len(keys), *keys, *arguments)
        except NoScriptError:
            return client.eval(self._text, len(keys), *keys, *arguments)
