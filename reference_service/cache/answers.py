"""Whole answers as bytes: in this process, then in Redis, valid for one generation of the data.

The generation is read with each request's rate limit, so an answer of an older one is never served; without
Redis there is no generation, and nothing is cached. An answer of this generation whose time is over is
served a little longer while it is computed anew.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

import msgspec
from redis import Redis

from reference_service.cache.connection import GENERATION_KEY, RedisConnection, RedisScript

T = TypeVar("T")
LARGEST_LOCAL_BYTES = 32 * 2**20
STALE_SHARE = 0.1
"""How much longer than its time an answer of the same generation is served while it is computed anew."""
_CLAIM_SECONDS = 1.0  # after it, a process that claimed to compute an answer and died is not waited for
_POLL_SECONDS = 0.01
_ENCODER = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class _Entry:
    generation: str
    expires: float
    body: bytes

    def valid_in(self, generation: str, now: float) -> bool:
        return self.generation == generation and self.expires > now

    def pack(self) -> bytes:
        return f"{self.generation} {self.expires}\n".encode() + self.body


class AnswerCache:
    """Bytes by kind and parameters. `generation` None bypasses it."""

    def __init__(
        self,
        redis: RedisConnection | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._redis = redis
        self._local: OrderedDict[str, _Entry] = OrderedDict()
        self._local_bytes = 0
        self._flights: dict[tuple[str, str], Future[bytes]] = {}
        self._lock = Lock()
        self._clock = clock
        self._claim = RedisScript("claim")
        self._refreshing = ThreadPoolExecutor(1, thread_name_prefix="cache-refresh")

    def close(self) -> None:
        self._refreshing.shutdown(wait=False, cancel_futures=True)

    def invalidate(self) -> bool:
        """Make every cached answer old, in every process, at once; False where Redis did not take it."""
        if self._redis is None:
            return True
        return self._redis.call(lambda redis: redis.delete(GENERATION_KEY)) is not None

    def answer(
        self,
        generation: str | None,
        kind: str,
        parameters: object,
        seconds: int,
        compute: Callable[[], bytes],
    ) -> bytes:
        """The cached answer, or the computed one; a cold key is computed once for all processes."""
        if generation is None or seconds == 0:
            return compute()
        key = answer_key(kind, parameters)
        local = self._local.get(key)
        now = self._clock()
        if local is not None and local.valid_in(generation, now):
            return local.body
        with self._lock:
            flight = self._flights.get((generation, key))
            leads = flight is None
            if flight is None:
                flight = self._flights[generation, key] = Future()
        stale = local is not None and local.valid_in(generation, now - seconds * STALE_SHARE)
        if leads and stale:
            self._refreshing.submit(self._fly, flight, generation, key, seconds, compute)
        elif leads:
            self._fly(flight, generation, key, seconds, compute)
        return local.body if local is not None and stale else flight.result()

    def _fly(
        self, flight: Future[bytes], generation: str, key: str, seconds: int, compute: Callable[[], bytes]
    ) -> None:
        claim = f"{key}:{generation}"
        try:
            entry = self._shared(key, claim, generation)
            if entry is None:
                entry = _Entry(generation, self._clock() + seconds, compute())
                self._share(key, claim, entry, seconds)
            self._keep(key, entry)
            flight.set_result(entry.body)
        except BaseException as error:  # whoever waits must be told, whatever it is
            flight.set_exception(error)
            self._call(lambda redis: redis.delete(claim))
        finally:
            with self._lock:
                del self._flights[generation, key]

    def _shared(self, key: str, claim: str, generation: str) -> _Entry | None:
        """What another process computed or is about to; None where it is the caller's to compute."""
        deadline = time.monotonic() + _CLAIM_SECONDS
        arguments = (generation, round(_CLAIM_SECONDS * 1000))
        while True:
            answer = self._call(lambda redis: self._claim.run(redis, (key, claim), *arguments))
            if isinstance(answer, bytes):
                entry = _unpacked(answer)
                return entry if entry is not None and entry.valid_in(generation, self._clock()) else None
            if answer != 0 or time.monotonic() > deadline:
                return None
            time.sleep(_POLL_SECONDS)

    def _share(self, key: str, claim: str, entry: _Entry, seconds: int) -> None:
        def share(redis: Redis) -> None:
            with redis.pipeline(transaction=False) as both:
                both.set(key, entry.pack(), ex=seconds)
                both.delete(claim)
                both.execute()

        self._call(share)

    def _call(self, action: Callable[[Redis], T]) -> T | None:
        return self._redis.call(action) if self._redis else None

    def _keep(self, key: str, entry: _Entry) -> None:
        with self._lock:
            old = self._local.pop(key, None)
            self._local[key] = entry
            self._local_bytes += len(entry.body) - (len(old.body) if old else 0)
            while self._local_bytes > LARGEST_LOCAL_BYTES:
                _, dropped = self._local.popitem(last=False)
                self._local_bytes -= len(dropped.body)


def _unpacked(packed: bytes) -> _Entry | None:
    head, _, body = packed.partition(b"\n")
    try:
        generation, expires = head.decode().split(" ")
        return _Entry(generation, float(expires), body)
    except ValueError:
        return None


def answer_key(kind: str, parameters: object) -> str:
    """`discovery:<kind>:<hash of the parameters>`."""
    digest = hashlib.blake2b(_ENCODER.encode(parameters), digest_size=16).hexdigest()
    return f"discovery:{kind}:{digest}"
