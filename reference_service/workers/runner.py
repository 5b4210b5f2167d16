"""Runs a worker's rounds on schedule, by one leader at a time however many processes there are."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, Protocol, TypeVar

import structlog

from reference_service.domain.errors import UnavailableError
from reference_service.domain.worker_names import WorkerName

ONCE_POLL_SECONDS = 0.1
ONCE_WAIT_SECONDS = 10.0

log = structlog.get_logger(__name__)


class Session(Protocol):
    """A connection that can hold the leader's lock; with the connection goes the lock."""

    @property
    def broken(self) -> bool: ...

    def try_to_lead(self, worker: WorkerName) -> bool: ...

    def beat(self, worker: WorkerName, interval: float) -> None: ...

    def schedule_is_held(self) -> bool:
        """Also how a lost connection is noticed between rounds: it raises what the connection raises."""
        ...

    def keep_hold(self) -> None: ...

    def explains(self, error: BaseException) -> bool:
        """Whether the error is the connection's own, so that its message says all there is to say."""
        ...

    def cancel(self) -> None:
        """End the statement that runs now; called from another thread."""
        ...


S = TypeVar("S", bound=Session)


def _nothing(_: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Job(Generic[S]):
    """One worker: `run` does a round on the very connection that holds the lock, every `interval` seconds.

    `meanwhile` is called about every second between rounds, on the same connection.
    """

    name: WorkerName
    interval: float
    run: Callable[[S, threading.Event], None]
    meanwhile: Callable[[S], None] = _nothing


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between looks at the lock and at the connection, and before a lost connection is made anew."""

    poll: float = 1.0
    reconnect: float = 2.0


PACE = Pace()


class RoundMetrics(Protocol):
    def round_done(self, worker: WorkerName) -> None: ...

    def round_failed(self, worker: WorkerName) -> None: ...

    def stepped_down(self, worker: WorkerName) -> None:
        """Another process may lead now, and tell what only the leader knows."""
        ...


class Outcome(Enum):
    DONE = auto()
    FAILED = auto()
    NOT_LEADING = auto()
    STOPPED = auto()


class Runner(Generic[S]):
    """Drives one job until `stop` is set."""

    def __init__(
        self,
        job: Job[S],
        open_session: Callable[[], AbstractContextManager[S]],
        stop: threading.Event,
        metrics: RoundMetrics,
        pace: Pace = PACE,
    ) -> None:
        self._job = job
        self._open_session = open_session
        self._stop = stop
        self._metrics = metrics
        self._pace = pace
        self._session: S | None = None
        self._log = log.bind(worker=job.name.value)

    def run_forever(self) -> None:
        """Lead when it can be had, run rounds while it lasts; a lost connection begins anew."""
        while not self._stop.is_set():
            try:
                with self._open_session() as session:
                    self._session = session
                    self._serve(session)
            except Exception as error:
                self._tell(self._log.warning, "worker_session_lost", error)
            self._stop.wait(self._pace.reconnect)

    def cut_short(self) -> None:
        """Cancel what the round has in hand; it is taken back whole."""
        if self._session is not None:
            self._session.cancel()

    def run_once(self, wait: float = ONCE_WAIT_SECONDS) -> Outcome:
        """One round, as soon as the lock is had, within `wait` seconds; raises what the connection raises."""
        with self._open_session() as session:
            self._session = session
            deadline = time.monotonic() + wait
            while not session.try_to_lead(self._job.name):
                if time.monotonic() >= deadline:
                    return Outcome.NOT_LEADING
                if self._stop.is_set():
                    return Outcome.STOPPED
                self._stop.wait(ONCE_POLL_SECONDS)
            if self._stop.is_set():
                return Outcome.STOPPED
            session.keep_hold()
            return Outcome.DONE if self._round(session) else Outcome.FAILED

    def _serve(self, session: S) -> None:
        while session.schedule_is_held() or not session.try_to_lead(self._job.name):
            if self._stop.wait(self._pace.poll):
                return
        self._log.info("worker_leads")
        try:
            self._lead(session)
        finally:
            self._metrics.stepped_down(self._job.name)

    def _lead(self, session: S) -> None:
        while not self._stop.is_set():
            due = time.monotonic() + self._job.interval
            if not self._round(session) and session.broken:
                return
            if self._held_before(session, due):
                self._log.info("worker_stands_aside")
                return

    def _round(self, session: S) -> bool:
        try:
            self._job.run(session, self._stop)
            session.beat(self._job.name, self._job.interval)
        except Exception as error:
            self._metrics.round_failed(self._job.name)
            # That a connection is lost in mid-round is expected: the round is made again.
            level = self._log.warning if session.broken else self._log.error
            self._tell(level, "worker_round_failed", error)
            return False
        self._metrics.round_done(self._job.name)
        return True

    def _held_before(self, session: S, due: float) -> bool:
        """Wait for the next round; whether the schedule was held meanwhile, and the lead is to be given up.

        Notices when the connection, and the lock with it, is gone.
        """
        while not session.schedule_is_held():
            left = due - time.monotonic()
            if left <= 0 or self._stop.wait(min(left, self._pace.poll)):
                return False
            self._tend(session)
        return True

    def _tend(self, session: S) -> None:
        try:
            self._job.meanwhile(session)
        except Exception as error:
            self._tell(self._log.warning, "worker_meanwhile_failed", error)

    def _tell(self, level: Callable[..., None], event: str, error: BaseException) -> None:
        """With its traceback where nobody foresaw it."""
        cause = _first(error)
        foreseen = isinstance(cause, UnavailableError) or (
            self._session is not None and self._session.explains(cause)
        )
        brief = f"{type(cause).__name__}: {' '.join(str(cause).split())}"
        level(event, error=brief, exc_info=None if foreseen else error)


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
