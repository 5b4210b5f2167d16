"""One client against the limiter for longer than a window, beside the other tests, judged afterwards."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from harness.contract.client import Client, Response
from harness.contract.paths import CATEGORIES
from harness.target import RateLimit

FIRST_SHARE = 0.6  # of the allowance, sent at once; the rest follows a third of a window later
EXTRA = 5
EARLY_SECONDS = 3.0  # before the window's end, when it is surely still full
ROUNDING_SECONDS = 1.0  # X-RateLimit-Reset may be rounded either way


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


class WindowTrial:
    """Runs the trial in a thread of its own."""

    def __init__(self, client: Client, limit: RateLimit) -> None:
        self._client, self._limit = client, limit
        self._record = WindowRecord(limit)
        self._thread = threading.Thread(target=self._run, name="rate-limit-window", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def result(self) -> WindowRecord:
        """Waits for the end. Raises what went wrong in the thread."""
        self._thread.join(self._limit.per_seconds * 2 + 60)
        if self._record.failure is not None:
            raise self._record.failure
        return self._record

    def _run(self) -> None:
        try:
            self._shoot()
        except BaseException as error:  # handed to the thread that asks for the result
            self._record.failure = error
        finally:
            self._client.close()

    def _shoot(self) -> None:
        record, limit = self._record, self._limit
        started = time.monotonic()
        self._burst(record.opening, record.first_group)
        _sleep_until(started + limit.per_seconds / 3)
        self._burst(record.second, limit.requests - record.first_group)
        answer = self._burst(record.extra, EXTRA)
        reset = time.monotonic() + _seconds_to_reset(answer, limit) + ROUNDING_SECONDS
        _sleep_until(started + limit.per_seconds - EARLY_SECONDS)
        self._burst(record.early, 1)
        _sleep_until(reset)
        self._burst(record.late, record.first_group + EXTRA)

    def _burst(self, shots: list[Shot], count: int) -> Response:
        for _ in range(count):
            sent = time.monotonic()
            answer = self._client.get(CATEGORIES)
            shots.append(Shot(sent, time.monotonic(), answer.status != 429))
        return answer


def _seconds_to_reset(answer: Response, limit: RateLimit) -> float:
    """How far ahead its X-RateLimit-Reset is. Call it as soon as the answer is there."""
    reset = float(str(answer.headers["X-RateLimit-Reset"]))
    return min(max(0.0, reset - time.time()), limit.per_seconds + ROUNDING_SECONDS)


def _sleep_until(moment: float, sleep: Callable[[float], None] = time.sleep) -> None:
    sleep(max(0.0, moment - time.monotonic()))
