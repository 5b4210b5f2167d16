"""Whole answers as bytes: in this process, then in Redis, valid for one generation of the data.

The generation is read with each request's rate limit, so an answer of an older one is never served; without
Redis there is no generation, and nothing is cached.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock

import msgspec

from reference_service.cache.connection import GENERATION_KEY, RedisConnection

LARGEST_LOCAL_BYTES = 32 * 2**20
_ENCODER = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class _Entry:
    generation: str
    expires: float
    body: bytes

    def valid_in(self, generation: str) -> bool:
        return self.generation == generation and self.expires > time.time()

    def pack(self) -> bytes:
        return f"{self.generation} {self.expires}\n".encode() + self.body


class AnswerCache:
    """Bytes by kind and parameters. `generation` None bypasses it."""

    def __init__(self, redis: RedisConnection | None, fresh_generation: Callable[[], str]) -> None:
        self._redis = redis
        self._fresh_generation = fresh_generation
        self._local: OrderedDict[str, _Entry] = OrderedDict()
        self._local_bytes = 0
        self._flights: dict[tuple[str, str], Future[bytes]] = {}
        self._lock = Lock()

    def invalidate(self) -> bool:
        """Make every cached answer old, in every process, at once; False where Redis did not take it."""
        if self._redis is None:
            return True
        generation = self._fresh_generation()
        return self._redis.call(lambda redis: redis.set(GENERATION_KEY, generation)) is not None

    def answer(
        self,
        generation: str | None,
        kind: str,
        parameters: object,
        seconds: int,
        compute: Callable[[], bytes],
    ) -> bytes:
        """The cached answer, or the computed one; callers of one cold key in this process compute it once."""
        if generation is None or seconds == 0:
            return compute()
        key = answer_key(kind, parameters)
        local = self._local.get(key)
        if local is not None and local.valid_in(generation):
            return local.body
        with self._lock:
            flight = self._flights.get((generation, key))
            leads = flight is None
            if flight is None:
                flight = self._flights[generation, key] = Future()
        if leads:
            self._fly(flight, generation, key, seconds, compute)
        return flight.result()

    def _fly(
        self, flight: Future[bytes], generation: str, key: str, seconds: int, compute: Callable[[], bytes]
    ) -> None:
        try:
            entry = self._shared(key, generation)
            if entry is None:
                entry = _Entry(generation, time.time() + seconds, compute())
                self._share(key, entry, seconds)
            self._keep(key, entry)
            flight.set_result(entry.body)
        except BaseException as error:  # whoever waits must be told, whatever it is
            flight.set_exception(error)
        finally:
            with self._lock:
                del self._flights[generation, key]

    def _shared(self, key: str, generation: str) -> _Entry | None:
        packed = self._redis.call(lambda redis: redis.get(key)) if self._redis else None
        entry = _unpacked(packed) if isinstance(packed, bytes) else None
        return entry if entry is not None and entry.valid_in(generation) else None

    def _share(self, key: str, entry: _Entry, seconds: int) -> None:
        if self._redis:
            self._redis.call(lambda redis: redis.set(key, entry.pack(), ex=seconds))

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
