"""Who asks: one client identity a test, so that tests neither trip over the limiter nor wait for it."""

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from harness.target import ClientIdentity, RateLimit, Target

_PACE_MARGIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Identity:
    """Where a client connects from, and as whom."""

    source_address: str | None = None
    forwarded_for: str | None = None


def _from_anywhere() -> Iterator[int]:
    number = secrets.randbelow(1 << 23)
    while True:
        number += 1
        if number & 255:
            yield number


@dataclass
class Identities:
    """Hands out identities that no other client of this run, or of one just before, has used."""

    kind: ClientIdentity
    _numbers: Iterator[int] = field(default_factory=_from_anywhere)

    @classmethod
    def of(cls, target: Target) -> "Identities":
        # No address but ::1 is ours on IPv6.
        if target.client_identity is ClientIdentity.SOURCE_ADDRESS and ":" in (
            urlsplit(target.base_url).hostname or ""
        ):
            return cls(ClientIdentity.SINGLE)
        return cls(target.client_identity)

    def fresh(self) -> Identity:
        match self.kind:
            case ClientIdentity.SOURCE_ADDRESS:
                number = next(self._numbers)
                return Identity(source_address=f"127.{16 + (number >> 16) % 224}.{_tail(number)}")
            case ClientIdentity.FORWARDED:
                # 198.18.0.0/15 is for such measurements and nobody's proxy.
                number = next(self._numbers)
                return Identity(forwarded_for=f"198.{18 + (number >> 16) % 2}.{_tail(number)}")
            case ClientIdentity.SINGLE:
                return Identity()

    @property
    def single(self) -> bool:
        return self.kind is ClientIdentity.SINGLE


def _tail(number: int) -> str:
    return f"{number >> 8 & 255}.{number & 255 or 1}"


@dataclass
class Pace:
    """Keeps one client below its limit by waiting; for targets that know only one of us."""

    limit: RateLimit
    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep
    _sent: deque[float] = field(default_factory=deque)

    def before_request(self) -> None:
        window = self._window
        while self._sent and self._sent[0] <= self.now() - window:
            self._sent.popleft()
        if len(self._sent) >= self.limit.requests:
            self.wait(max(0.0, self._sent[0] + window - self.now()))
            self._sent.popleft()
        self._sent.append(self.now())

    def let_the_window_pass(self) -> None:
        """Wait until nothing that was sent so far counts, whoever sent it."""
        self.wait(self._window)
        self._sent.clear()

    @property
    def _window(self) -> float:
        return self.limit.per_seconds + _PACE_MARGIN_SECONDS
