"""Leads a run: says when it begins, gathers what the drivers measured, samples the target, concludes."""

import time
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

import gevent
from gevent.event import Event

from harness.load_result import LoadResult, ProcessSample, ServiceSample
from loadtests.console import progress_line
from loadtests.database import DatabaseWatch
from loadtests.driver import Order
from loadtests.ending import EndedBy, Ending
from loadtests.exposition import Sent
from loadtests.hopes import Hopes, out_of_reach
from loadtests.measurement import Measurement
from loadtests.options import Job
from loadtests.outcome import make_result
from loadtests.sampling import Sampler, out_of_memory_kills
from loadtests.scraping import Scraper
from loadtests.ticks import tick_of


class Leader:
    """One run from `begin` to `conclude`; a web UI may begin several, one after the other."""

    def __init__(self, job: Job, slugs: tuple[str, ...]) -> None:
        self.finished = Event()
        self._job, self._slugs = job, slugs
        self._greenlets: list[gevent.Greenlet[[], None]] = []
        self._scraper = Scraper(job.target)
        self._database = DatabaseWatch(job.target)
        self._hopes = Hopes(job.criteria, job.plan)
        self._reset(0.0, ())

    def _reset(self, begin: float, workers: Sequence[str]) -> None:
        self.finished.clear()
        self._begin = begin
        self._measurement = Measurement()
        self._samples: list[ProcessSample] = []
        self._service: list[ServiceSample] = []
        self._workers, self._pending = len(workers), set(workers)
        self._ending: Ending | None = None
        self._kills = out_of_memory_kills()

    def begin(self, workers: Sequence[str], lead_seconds: float) -> list[Order]:
        """An order for each worker, in turn; the first arrival is due `lead_seconds` from now."""
        self._scraper.start()
        self._database.start()
        self._reset(time.time() + lead_seconds, workers)
        watching = (self._sample, self._scrape, self._tell, self._give_up)
        self._greenlets = [gevent.spawn(watch) for watch in watching]
        return [
            Order(share=share, of=len(workers), begin=self._begin, slugs=self._slugs)
            for share in range(len(workers))
        ]

    def merge(self, message: dict[str, Any]) -> None:
        self._measurement.add(Measurement.from_message(message))

    def done(self, worker: str, ending: Ending | None) -> None:
        """A worker has finished, before its end where it says why."""
        self._pending.discard(worker)
        self._ending = self._ending or ending
        if not self._pending:
            self.finished.set()

    def present(self, workers: Collection[str]) -> None:
        """Only these are there: the run ends without one that is not and had not finished."""
        lost = sorted(self._pending.difference(workers))
        if lost:
            self._end(
                EndedBy.GENERATOR,
                f"the generator lost its worker {', '.join(lost)} {self._lasted():.1f} s into the run",
            )

    @property
    def measurement(self) -> Measurement:
        """What has come in so far."""
        return self._measurement

    def stop(self) -> None:
        """End the run before everything was sent."""
        self.finished.set()

    @property
    def complete(self) -> bool:
        """Whether every worker has finished, or there was nothing left to be decided."""
        return not self._pending or self._ending is not None

    @property
    def running(self) -> bool:
        return bool(self._greenlets)

    def conclude(self) -> LoadResult:
        """End the run, whether or not all that was asked for was sent."""
        gevent.killall(self._greenlets)
        self._greenlets = []
        ending = self._ending
        if self._pending and ending is None:
            ending = Ending(EndedBy.CHOICE, f"stopped after {self._lasted():.1f} s")
        lasted = self._job.plan.seconds if ending is None else self._lasted()
        kills = out_of_memory_kills()
        return make_result(
            self._job,
            self._measurement,
            started_at=datetime.fromtimestamp(self._begin, UTC),
            seconds=lasted,
            samples=tuple(self._samples),
            service=tuple(self._service),
            database=self._database.settle(),
            counts=self._scraper.settle(self._sent(lasted)) if ending is None else None,
            oom_kills=None if kills is None or self._kills is None else kills - self._kills,
            workers=self._workers,
            ending=ending,
        )

    def _sample(self) -> None:
        """Once a second, in a thread: reading /proc must not make an arrival late."""
        sampler = Sampler(self._job.target.processes, time.monotonic() + self._begin - time.time())
        pool = gevent.get_hub().threadpool
        while self._job.target.processes:
            sample = pool.apply(sampler.sample)
            if sample is not None:
                self._samples.append(sample)
            gevent.sleep(1.0)

    def _scrape(self) -> None:
        """In a thread too: a page of metrics takes a while to read."""
        begin, pool = time.monotonic() + self._begin - time.time(), gevent.get_hub().threadpool
        while self._scraper.reads:
            sample = pool.apply(self._scraper.sample, (begin,))
            if sample is not None:
                self._service.append(sample)
            gevent.sleep(1.0)

    def _sent(self, seconds: float) -> Sent:
        cells = self._measurement.cells.values()
        answered = sum(cell.statuses.total() for cell in cells)
        return Sent(answered, sum(cell.sent for cell in cells) - answered, seconds)

    def _give_up(self) -> None:
        """As soon as a hard limit, or the rate itself, cannot be kept any more, whatever is still to come."""
        while True:
            gevent.sleep(1.0)
            if lost := self._hopes.lost(self._measurement):
                self._end(EndedBy.CHOICE, lost)
            if late := out_of_reach(self._job.plan, self._measurement):
                self._end(EndedBy.GENERATOR, late)

    def _end(self, by: EndedBy, reason: str) -> None:
        self._ending = self._ending or Ending(by, reason)
        self.finished.set()

    def _lasted(self) -> float:
        return max(0.0, time.time() - self._begin)

    def _tell(self) -> None:
        pace = max(1, round(self._job.plan.seconds / 60))
        told = 0
        while True:
            gevent.sleep(pace)
            now = int(time.time() - self._begin) - 1  # what was measured comes in once a second
            if now > told:
                tick = tick_of(self._job.plan, self._measurement, range(told, now))
                print(progress_line(tick, machine=self._job.ticks), flush=True)
                told = now
