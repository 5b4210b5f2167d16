"""At most so many served requests in any window, one log of moments a client."""

import ipaddress
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Admission:
    """`reset` is in Unix seconds, `wait` in whole seconds."""

    admitted: bool
    limit: int
    remaining: int
    reset: int
    wait: int


class Limiter:
    def __init__(self, requests: int, seconds: float, rounding: Callable[[float], int] = math.ceil) -> None:
        self._requests, self._seconds, self._rounding = requests, seconds, rounding
        self._served: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def admit(self, peer: str) -> Admission:
        now = time.monotonic()
        with self._lock:
            log = self._served.setdefault(_client(peer), deque())
            while log and log[0] <= now - self._seconds:
                log.popleft()
            admitted = len(log) < self._requests
            if admitted:
                log.append(now)
            left = self._requests - len(log)
            ahead = 0.0 if left else log[0] + self._seconds - now
        reset = self._rounding(time.time() + ahead)
        return Admission(admitted, self._requests, left, reset, max(1, math.ceil(ahead)))


def _client(peer: str) -> str:
    address = ipaddress.ip_address(peer.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
