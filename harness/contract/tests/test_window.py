"""The limiter's trial, in a time of its own, against limiters that are right and wrong."""

from collections import deque
from dataclasses import dataclass, field
from email.message import Message

import pytest

from harness.contract.client import Response
from harness.contract.diagnosis import ContractBroken
from harness.contract.operations.window import (
    EARLY_SECONDS,
    EXTRA,
    Clock,
    Shot,
    WindowRecord,
    WindowTrial,
    most_in_a_window,
    wrongly_refused,
)
from harness.target import RateLimit

LIMIT = RateLimit(requests=10, per_seconds=60)
EPOCH = 1_700_000_000.0


@dataclass
class Time:
    """Passes only when somebody waits, and a little with each request."""

    seconds: float = 0.0

    def wait(self, seconds: float) -> None:
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.seconds, epoch=lambda: EPOCH + self.seconds, wait=self.wait)


@dataclass
class Limiter:
    """A moving window; `fixed` starts anew when it is over, `reset_early` tells a reset that is too soon.

    What is asked shortly before the window's end waits for `queue` seconds until it is decided.
    """

    time: Time
    fixed: bool = False
    allowed: int = LIMIT.requests
    reset_early: float = 0.0
    queue: float = 0.0
    counts_refusals: bool = False
    served: deque[float] = field(default_factory=deque)
    closed: bool = False

    def get(self, path: str) -> Response:
        self.time.seconds += 0.01
        if LIMIT.per_seconds - EARLY_SECONDS <= self.time.seconds < LIMIT.per_seconds:
            self.time.seconds += self.queue
        now = self.time.seconds
        if self.fixed and self.served and self.served[0] <= now - LIMIT.per_seconds:
            self.served.clear()
        while self.served and self.served[0] <= now - LIMIT.per_seconds:
            self.served.popleft()
        serves = len(self.served) < self.allowed
        if serves:
            self.served.append(now)
        elif self.counts_refusals:
            self.served.popleft()
            self.served.append(now)
        headers = Message()
        headers["X-RateLimit-Limit"] = str(LIMIT.requests)
        headers["X-RateLimit-Remaining"] = str(max(0, LIMIT.requests - len(self.served)))
        headers["X-RateLimit-Reset"] = str(
            int(EPOCH + self.served[0] + LIMIT.per_seconds - self.reset_early) + 1
        )
        return Response(200 if serves else 429, headers, b"", f"curl {path}", 0.0)

    def close(self) -> None:
        self.closed = True


def _tried(limiter: Limiter) -> WindowRecord:
    trial = WindowTrial(limiter, LIMIT, limiter.time.clock)
    trial.start()
    return trial.result()


def test_a_moving_window_holds_and_gives_back_what_left_it() -> None:
    limiter = Limiter(Time())
    record = _tried(limiter)
    assert most_in_a_window(record.shots, LIMIT.per_seconds) == LIMIT.requests
    assert not any(shot.served for shot in record.while_full)
    assert [shot.served for shot in record.late].count(True) == record.first_group
    assert wrongly_refused(record.shots, LIMIT) == []
    assert limiter.closed


@pytest.mark.parametrize(("queue", "told"), [(EARLY_SECONDS - 1, EXTRA + 1), (EARLY_SECONDS + 1, EXTRA)])
def test_what_is_decided_after_the_windows_end_tells_nothing(queue: float, told: int) -> None:
    record = _tried(Limiter(Time(), queue=queue))
    assert [shot.served for shot in record.while_full] == [False] * told
    assert record.early[0].served is (told == EXTRA)


def test_a_fixed_window_is_found_out() -> None:
    record = _tried(Limiter(Time(), fixed=True))
    assert most_in_a_window(record.shots, LIMIT.per_seconds) > LIMIT.requests
    assert sum(shot.served for shot in record.late) != record.first_group


def test_one_too_many_is_found_out() -> None:
    record = _tried(Limiter(Time(), allowed=LIMIT.requests + 1))
    assert most_in_a_window(record.shots, LIMIT.per_seconds) == LIMIT.requests + 1


def test_a_reset_that_comes_too_soon_is_found_out() -> None:
    assert not _tried(Limiter(Time(), reset_early=10)).late[0].served


def test_refusals_that_count_are_found_out() -> None:
    record = _tried(Limiter(Time(), counts_refusals=True))
    assert wrongly_refused(record.shots, LIMIT)


def test_a_refusal_is_wrong_only_where_there_surely_was_room() -> None:
    one = RateLimit(requests=1, per_seconds=10)
    served, refused = Shot(0.0, 2.0, True), Shot(11.0, 11.5, False)
    assert wrongly_refused([served, refused], one) == []  # it may have been served as late as at 2.0
    assert wrongly_refused([served, Shot(12.5, 12.6, False)], one) == []  # a limiter may count by the second
    assert wrongly_refused([served, Shot(13.5, 13.6, False)], one) == [Shot(13.5, 13.6, False)]


def test_what_breaks_in_the_thread_is_raised_where_the_result_is_asked_for() -> None:
    class Silent(Limiter):
        def get(self, path: str) -> Response:
            raise ContractBroken(f"no answer from {path}")

    with pytest.raises(ContractBroken, match="no answer"):
        _tried(Silent(Time()))


def test_only_what_surely_lies_in_one_window_counts() -> None:
    shots = [Shot(0.0, 0.5, True), Shot(9.8, 10.2, True), Shot(9.0, 9.1, False)]
    assert most_in_a_window(shots, 10.0) == 1
    assert most_in_a_window(shots, 10.3) == 2
    assert most_in_a_window([], 10.0) == 0
