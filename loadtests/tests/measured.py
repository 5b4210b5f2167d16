"""Measurements made by hand."""

from collections.abc import Callable
from typing import TypeVar

from harness.load_result import ProcessSample, Stage
from loadtests.arrivals import ArrivalKind
from loadtests.findings import Evidence
from loadtests.measurement import Key, Measurement
from loadtests.plan import Plan, make_plan
from loadtests.scenarios import SCENARIOS

_T = TypeVar("_T")


def always(value: _T) -> Callable[[float], _T]:
    return lambda _: value


NEVER, ON_TIME, QUICK = always(""), always(1.0), always(10.0)


def measured(
    plan: Plan,
    latency_ms: Callable[[float], float | None],
    *,
    failing: Callable[[int], str] = NEVER,
    late_ms: Callable[[int], float] = ON_TIME,
    share: int = 0,
    of: int = 1,
) -> Measurement:
    """What a plan would measure if the latency depended on the due time alone; None is no answer.

    `share` and `of` are those of one of several generators.
    """
    measurement = Measurement()
    for arrival, endpoint in plan.requests(share, of):
        cell = measurement.cell(Key(int(arrival.due), arrival.phase, endpoint.name))
        cell.sent += 1
        measurement.lateness.record(int(late_ms(arrival.index) * 1000))
        latency, reason = latency_ms(arrival.due), failing(arrival.index)
        if latency is None:
            cell.errors += 1
            cell.failures["connection_refused"] += 1
            continue
        cell.latency.record(int(latency * 1000))
        cell.service.record(int(latency * 500))
        cell.statuses["500" if reason else "200"] += 1
        if reason:
            cell.errors += 1
            cell.failures[reason] += 1
    return measurement


def evidence(
    plan: Plan,
    latency_ms: Callable[[float], float | None] = QUICK,
    *,
    failing: Callable[[int], str] = NEVER,
    late_ms: Callable[[int], float] = ON_TIME,
    samples: tuple[ProcessSample, ...] = (),
) -> Evidence:
    measurement = measured(plan, latency_ms, failing=failing, late_ms=late_ms)
    return Evidence(plan, measurement, plan.seconds, samples)


def plan_of(name: str = "search", **options: float | bool) -> Plan:
    return make_plan(SCENARIOS[name], kind=ArrivalKind.CONSTANT, **options)  # type: ignore[arg-type]  # by name


def sample(t: float, *, rss: float = 100e6, restarts: int = 0) -> ProcessSample:
    return ProcessSample(t=t, processes=2, cpu=0.5, rss=int(rss), fds=20, threads=8, restarts=restarts)


def stage(seconds: float, rate: float) -> Stage:
    return Stage(phase="steady", seconds=seconds, from_rate=rate, to_rate=rate)
