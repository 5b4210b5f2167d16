"""Runs without locust between their leader and their drivers."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import gevent
import msgspec

from harness.load_result import LoadResult, LoadVerdict
from loadtests.driver import DONE, MEASURED, Driver
from loadtests.ending import Ending
from loadtests.leader import Leader
from loadtests.options import Job

_TRIES = 3


def drive(job: Job, workers: int = 1) -> LoadResult:
    """Several drivers in this process, as locust's workers would be."""
    leader = Leader(job, ())

    def send(worker: str, name: str, data: dict[str, Any]) -> None:
        if name == MEASURED:
            leader.merge(data)
        elif name == DONE:
            leader.done(worker, msgspec.convert(data["ending"], Ending | None))

    names = [f"worker {number}" for number in range(workers)]
    drivers = [Driver(job, partial(send, name), lambda *_: None) for name in names]
    for driver, order in zip(drivers, leader.begin(names, 0.1), strict=True):
        gevent.spawn(driver.drive, order)
    assert leader.running
    leader.finished.wait()
    result = leader.conclude()
    assert not leader.running
    return result


def drive_validly(job: Job, workers: int = 1) -> LoadResult:
    """On a machine that is busy with other things a run may be invalid, and say so: then once more."""
    for _ in range(_TRIES):
        result = drive(job, workers)
        if result.verdict is not LoadVerdict.INVALID:
            break
    return result


def drive_all(jobs: Iterable[Job]) -> list[LoadResult]:
    """All at the same time."""
    running = [gevent.spawn(drive_validly, job) for job in jobs]
    return [one.get() for one in running]
