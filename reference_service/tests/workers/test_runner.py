"""Leadership, schedule and failures of a worker, on in-memory connections."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from reference_service.domain.worker_names import WorkerName
from reference_service.workers.runner import Job, Outcome, Pace, Runner
from reference_service.workers.side_by_side import Ending, Work, run_all

NAME = WorkerName.HEALTH_CHECKER
FAST = Pace(poll=0.001, reconnect=0.001)


class ConnectionLostError(Exception):
    pass


@dataclass
class Server:
    """Stands for PostgreSQL: who holds the lock, and the heartbeats."""

    holder: "MemorySession | None" = None
    asked_for: set[WorkerName] = field(default_factory=set)
    beats: list[tuple[WorkerName, float]] = field(default_factory=list)
    opened: int = 0
    refusals: int = 0
    looks: int = 0
    held_at: range = range(0)
    holds_kept: int = 0

    @contextmanager
    def open(self) -> Iterator["MemorySession"]:
        self.opened += 1
        if self.refusals:
            self.refusals -= 1
            raise ConnectionLostError("no answer")
        session = MemorySession(self)
        try:
            yield session
        finally:
            session.lose()


@dataclass(eq=False)
class MemorySession:
    server: Server
    broken: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event)

    def lose(self) -> None:
        self.broken = True
        if self.server.holder is self:
            self.server.holder = None

    def try_to_lead(self, worker: WorkerName) -> bool:
        self._ask()
        self.server.asked_for.add(worker)
        if self.server.holder is None:
            self.server.holder = self
        return self.server.holder is self

    def beat(self, worker: WorkerName, interval: float) -> None:
        self._ask()
        self.server.beats.append((worker, interval))

    def schedule_is_held(self) -> bool:
        self._ask()
        self.server.looks += 1
        return self.server.looks in self.server.held_at

    def keep_hold(self) -> None:
        self.server.holds_kept += 1

    def _ask(self) -> None:
        if self.broken:
            raise ConnectionLostError("gone")

    def explains(self, error: BaseException) -> bool:
        return isinstance(error, ConnectionLostError)

    def cancel(self) -> None:
        self.cancelled.set()


@dataclass
class Rounds:
    done: list[WorkerName] = field(default_factory=list)
    failed: list[WorkerName] = field(default_factory=list)
    left: list[WorkerName] = field(default_factory=list)

    def round_done(self, worker: WorkerName) -> None:
        self.done.append(worker)

    def round_failed(self, worker: WorkerName) -> None:
        self.failed.append(worker)

    def stepped_down(self, worker: WorkerName) -> None:
        self.left.append(worker)


Act = Callable[[MemorySession, int], None]


@dataclass
class Bench:
    """A runner whose n-th round does `act`; it stops itself after `most` rounds."""

    act: Act
    most: int = 3
    interval: float = 0.0
    meanwhile: Callable[[MemorySession], None] = lambda _: None
    server: Server = field(default_factory=Server)
    stop: threading.Event = field(default_factory=threading.Event)
    rounds: Rounds = field(default_factory=Rounds)
    sessions: list[MemorySession] = field(default_factory=list)

    def runner(self) -> Runner[MemorySession]:
        job = Job(NAME, self.interval, self._run, self.meanwhile)
        return Runner(job, self.server.open, self.stop, self.rounds, FAST)

    def _run(self, session: MemorySession, _: threading.Event) -> None:
        self.sessions.append(session)
        if len(self.sessions) >= self.most:
            self.stop.set()
        self.act(session, len(self.sessions))


def nothing(_: MemorySession, __: int) -> None:
    pass


def test_rounds_follow_each_other_on_one_connection_and_each_beats() -> None:
    bench = Bench(nothing)
    bench.runner().run_forever()
    assert (bench.rounds.done, bench.server.beats, bench.server.opened) == ([NAME] * 3, [(NAME, 0.0)] * 3, 1)
    assert bench.server.asked_for == {NAME}
    assert bench.server.holder is None


def test_a_failed_round_is_counted_gives_no_beat_and_the_next_one_runs() -> None:
    def second_fails(_: MemorySession, number: int) -> None:
        if number == 2:
            raise ExceptionGroup("several", [ValueError("bad\nluck")])

    bench = Bench(second_fails)
    bench.runner().run_forever()
    assert (len(bench.rounds.done), len(bench.rounds.failed), len(bench.server.beats)) == (2, 1, 2)
    assert bench.server.opened == 1


def test_only_what_nobody_foresaw_is_an_error_with_its_traceback() -> None:
    def fail(session: MemorySession, number: int) -> None:
        if number == 1:
            raise ConnectionLostError("statement refused")
        if number == 2:
            raise ExceptionGroup("several", [ValueError("bad luck")])
        session.lose()
        raise ConnectionLostError("gone")

    with capture_logs() as lines:
        Bench(fail).runner().run_forever()
    failed = [line for line in lines if line["event"] == "worker_round_failed"]
    assert [(line["log_level"], line["error"], line["exc_info"] is None) for line in failed] == [
        ("error", "ConnectionLostError: statement refused", True),
        ("error", "ValueError: bad luck", False),
        ("warning", "ConnectionLostError: gone", True),
    ]


def test_between_rounds_there_is_work_meanwhile_and_its_failure_ends_nothing() -> None:
    def meanwhile(_: MemorySession) -> None:
        calls.append("meanwhile")
        if len(calls) == 3:
            bench.stop.set()
        raise ValueError("bad luck")

    calls: list[str] = []
    bench = Bench(nothing, interval=3600, meanwhile=meanwhile)
    bench.runner().run_forever()
    assert (len(bench.rounds.done), calls) == (1, ["meanwhile"] * 3)


def test_a_connection_lost_in_a_round_is_made_anew() -> None:
    def first_loses(session: MemorySession, number: int) -> None:
        if number == 1:
            session.lose()
            session.schedule_is_held()

    bench = Bench(first_loses)
    bench.runner().run_forever()
    assert (len(bench.rounds.done), len(bench.rounds.failed), bench.server.opened) == (2, 1, 2)
    assert bench.rounds.left == [NAME, NAME], "at the loss, and at the end"


def test_a_connection_lost_between_rounds_is_noticed_before_the_next_is_due() -> None:
    def first_loses(session: MemorySession, number: int) -> None:
        if number == 1:
            threading.Timer(0.01, session.lose).start()

    bench = Bench(first_loses, most=2, interval=3600)
    bench.runner().run_forever()
    assert bench.server.opened == 2


def test_no_round_begins_while_the_schedule_is_held() -> None:
    looks_before: list[int] = []
    bench = Bench(lambda session, _: looks_before.append(session.server.looks), most=1)
    bench.server.held_at = range(1, 4)
    bench.runner().run_forever()
    assert (looks_before, bench.server.opened) == ([4], 1)


def test_a_leader_gives_the_lead_up_while_the_schedule_is_held() -> None:
    bench = Bench(nothing, most=2)
    bench.server.held_at = range(2, 5)
    bench.runner().run_forever()
    assert (bench.server.opened, bench.server.looks, len(bench.rounds.done)) == (2, 6, 2)


def test_a_round_by_hand_runs_while_the_schedule_is_held_and_keeps_it_so() -> None:
    bench = Bench(nothing, most=1)
    bench.server.held_at = range(1, 1000)
    assert bench.runner().run_once() is Outcome.DONE
    assert (len(bench.rounds.done), bench.server.holds_kept) == (1, 1)


def test_a_server_that_is_away_is_tried_again() -> None:
    bench = Bench(nothing, most=1, server=Server(refusals=3))
    bench.runner().run_forever()
    assert (bench.server.opened, len(bench.rounds.done)) == (4, 1)


def test_one_leads_and_another_takes_over_when_it_dies() -> None:
    server = Server()
    other = MemorySession(server)
    server.holder = other
    bench = Bench(nothing, most=1, server=server)
    thread = threading.Thread(target=bench.runner().run_forever)
    thread.start()
    assert not bench.stop.wait(0.05)
    assert bench.sessions == []
    other.lose()
    thread.join(10)
    assert not thread.is_alive()
    assert bench.rounds.done == [NAME]


def test_a_follower_stops_when_told() -> None:
    server = Server()
    server.holder = MemorySession(server)
    bench = Bench(nothing, server=server)
    bench.stop.set()
    bench.runner().run_forever()
    assert bench.runner().run_once() is Outcome.STOPPED
    assert bench.sessions == []


def test_once_runs_one_round() -> None:
    bench = Bench(nothing)
    assert bench.runner().run_once() is Outcome.DONE
    assert (len(bench.sessions), len(bench.server.beats)) == (1, 1)


def test_once_gives_up_where_another_leads() -> None:
    server = Server()
    server.holder = MemorySession(server)
    bench = Bench(nothing, server=server)
    assert bench.runner().run_once(wait=0.01) is Outcome.NOT_LEADING
    assert bench.sessions == []


def test_once_waits_for_the_lock() -> None:
    server = Server()
    other = MemorySession(server)
    server.holder = other
    threading.Timer(0.02, other.lose).start()
    assert Bench(nothing, server=server).runner().run_once() is Outcome.DONE


@pytest.mark.parametrize("lost", [True, False])
def test_once_says_that_its_round_failed(lost: bool) -> None:
    def fail(session: MemorySession, _: int) -> None:
        if lost:
            session.lose()
        raise ValueError("bad luck")

    bench = Bench(fail)
    assert bench.runner().run_once() is Outcome.FAILED
    assert (bench.rounds.failed, bench.server.beats) == ([NAME], [])


def work_of(bench: Bench) -> Work:
    runner = bench.runner()
    return Work(runner.run_forever, runner.cut_short)


def test_several_run_side_by_side_and_a_long_round_is_cut_short_after_the_stop() -> None:
    stop = threading.Event()

    def until_cancelled(session: MemorySession, _: int) -> None:
        stop.set()
        assert session.cancelled.wait(60)
        raise ConnectionLostError("canceled")

    brief, long = Bench(nothing, most=2, interval=3600, stop=stop), Bench(until_cancelled, stop=stop)
    assert run_all([work_of(brief), work_of(long)], stop, Ending(cut=0.01, leave=60))
    assert len(brief.rounds.done) <= 1
    assert len(long.rounds.failed) == 1


def test_a_round_that_cannot_be_cut_short_is_left() -> None:
    stop, released = threading.Event(), threading.Event()

    def hang(_: MemorySession, __: int) -> None:
        stop.set()
        released.wait(60)

    assert not run_all([work_of(Bench(hang, stop=stop))], stop, Ending(cut=0.01, leave=0.02))
    released.set()


def test_cutting_short_what_never_began_does_nothing() -> None:
    Bench(nothing).runner().cut_short()
