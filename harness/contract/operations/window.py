"""One client against the limiter for longer than a window, beside the other tests, judged afterwards."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from harness.contract.client import Response
from harness.contract.operations.limiting import allowance, server_time
from harness.contract.paths import CATEGORIES
from harness.target import RateLimit

FIRST_SHARE = 0.6  # of the allowance, sent at once; the rest follows a third of a window later
EXTRA = 5
EARLY_SECONDS = 3.0  # before the window's end, when it is surely still full
ROUNDING_SECONDS = 1.0  # X-RateLimit-Reset may be rounded either way
SLACK_SHARE = 0.1  # of the window: a limiter may count in pieces of it, and forget a piece as a whole


@dataclass(frozen=True, slots=True)
class Shot:
    """One request; the target decided at some moment between `sent` and `received` (monotonic seconds)."""

    sent: float
    received: float
    served: bool


@dataclass
class WindowRecord:
    """What was sent and what came back. `early`: shortly before the window ended; `late`: after the reset."""

    limit: RateLimit
    opening: list[Shot] = field(default_factory=list)
    second: list[Shot] = field(default_factory=list)
    extra: list[Shot] = field(default_factory=list)
    early: list[Shot] = field(default_factory=list)
    late: list[Shot] = field(default_factory=list)
    failure: BaseException | None = None

    @property
    def shots(self) -> list[Shot]:
        return [*self.opening, *self.second, *self.extra, *self.early, *self.late]

    @property
    def while_full(self) -> list[Shot]:
        """Those beyond the allowance that were surely decided before the first request left the window."""
        until = self.opening[0].sent + self.limit.per_seconds
        return [shot for shot in (*self.extra, *self.early) if shot.received < until]

    @property
    def first_group(self) -> int:
        return int(self.limit.requests * FIRST_SHARE)


def most_in_a_window(shots: Sequence[Shot], seconds: float) -> int:
    """The largest number of served requests that surely fell within less than `seconds`."""
    served = sorted((shot for shot in shots if shot.served), key=lambda shot: shot.sent)
    best = 0
    for index, first in enumerate(served):
        within = sum(shot.received - first.sent < seconds for shot in served[index:])
        best = max(best, within)
    return best


def wrongly_refused(shots: Sequence[Shot], limit: RateLimit) -> list[Shot]:
    """The refused requests for which there surely was room: too few served ones lay before them."""
    return [
        shot for shot in shots if not shot.served and _perhaps_before(shot, shots, limit) < limit.requests
    ]


def _perhaps_before(shot: Shot, shots: Sequence[Shot], limit: RateLimit) -> int:
    since = shot.sent - limit.per_seconds * (1 + SLACK_SHARE)
    return sum(other.served and other.received > since and other.sent < shot.received for other in shots)


class Asks(Protocol):
    """As much of a client as a trial needs."""

    def get(self, path: str) -> Response: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds: `now` never jumps, `epoch` is Unix time."""

    now: Callable[[], float] = time.monotonic
    epoch: Callable[[], float] = time.time
    wait: Callable[[float], None] = time.sleep

    def wait_until(self, moment: float) -> None:
        self.wait(max(0.0, moment - self.now()))


@dataclass
class WindowTrial:
    """Runs in a thread of its own: `start` early, ask for the `result` late."""

    client: Asks
    limit: RateLimit
    clock: Clock = field(default_factory=Clock)
    _record: WindowRecord = field(init=False)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._record = WindowRecord(self.limit)
        self._thread = threading.Thread(target=self._run, name="rate-limit-window", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def result(self) -> WindowRecord:
        """Waits for the end. Raises what went wrong in the thread."""
        self._thread.join(self.limit.per_seconds * 2 + 60)
        if self._record.failure is not None:
            raise self._record.failure
        return self._record

    def _run(self) -> None:
        try:
            self._shoot()
        except BaseException as error:  # handed to the thread that asks for the result
            self._record.failure = error
        finally:
            self.client.close()

    def _shoot(self) -> None:
        record, limit, clock = self._record, self.limit, self.clock
        started = clock.now()
        self._burst(record.opening, record.first_group)
        opened = clock.now()
        clock.wait_until(started + limit.per_seconds / 3)
        self._burst(record.second, limit.requests - record.first_group)
        answer = self._burst(record.extra, EXTRA)
        reset = clock.now() + self._seconds_to_reset(answer) + ROUNDING_SECONDS
        clock.wait_until(started + limit.per_seconds - EARLY_SECONDS)
        self._burst(record.early, 1)
        clock.wait_until(reset)
        self._burst(record.late, 1)
        clock.wait_until(opened + limit.per_seconds * (1 + SLACK_SHARE) + ROUNDING_SECONDS)
        self._burst(record.late, record.first_group + EXTRA)

    def _burst(self, shots: list[Shot], count: int) -> Response:
        for _ in range(count):
            sent = self.clock.now()
            answer = self.client.get(CATEGORIES)
            shots.append(Shot(sent, self.clock.now(), answer.status != 429))
        return answer

    def _seconds_to_reset(self, answer: Response) -> float:
        """How far ahead its X-RateLimit-Reset is. Call it as soon as the answer is there."""
        ahead = allowance(answer).reset - server_time(answer, self.clock.epoch())
        return min(max(0.0, ahead), self.limit.per_seconds + ROUNDING_SECONDS)
