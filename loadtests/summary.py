"""From cells to what a person reads: a line a second, and groups by endpoint and phase."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

from harness.load_result import Group, Lateness, Percentiles, Second
from loadtests.arrivals import Arrival
from loadtests.histogram import Histogram
from loadtests.measurement import LATE_MS, Cell, Key, Measurement
from loadtests.plan import Plan
from loadtests.scenarios.model import Endpoint

ALL = "all"


def timeline(plan: Plan, measurement: Measurement, *, until: float | None = None) -> tuple[Second, ...]:
    """A line for each second in which something was due, up to `until` where the run ended early."""
    asked, phases = _asked_by_second(plan, until)
    cells: dict[int, list[Cell]] = {second: [] for second in asked}
    for key, cell in measurement.cells.items():
        cells.setdefault(key.second, []).append(cell)
    return tuple(
        _second(second, phases.get(second, ""), asked.get(second, 0), _merged(parts))
        for second, parts in sorted(cells.items())
    )


def groups(plan: Plan, measurement: Measurement, *, until: float | None = None) -> tuple[Group, ...]:
    """One for each endpoint and phase, then for the sums over either and both."""
    asked: Counter[tuple[str, str]] = Counter(
        (endpoint.name, arrival.phase) for arrival, endpoint in _requests(plan, until)
    )
    names = [endpoint.name for endpoint in plan.scenario.endpoints]
    phases = list(plan.scenario.phases)
    found = []
    for endpoint, phase in product([ALL, *names], [ALL, *phases]):
        cell = _merged(select(measurement, endpoint=endpoint, phase=phase))
        count = sum(n for (e, p), n in asked.items() if endpoint in (ALL, e) and phase in (ALL, p))
        found.append(_group(endpoint, phase, count, cell))
    return tuple(found)


def select(
    measurement: Measurement,
    *,
    endpoint: str = ALL,
    phase: str = ALL,
    seconds: range | None = None,
) -> Iterator[Cell]:
    """The cells of an endpoint, a phase and a window of seconds."""
    for key, cell in measurement.cells.items():
        if _matches(key, endpoint, phase, seconds):
            yield cell


def latencies(cells: Iterable[Cell]) -> Histogram:
    return Histogram.merged(cell.latency for cell in cells)


def services(cells: Iterable[Cell]) -> Histogram:
    return Histogram.merged(cell.service for cell in cells)


def lateness(measurement: Measurement) -> Lateness:
    late = measurement.lateness
    return Lateness(
        starts=late.count,
        limit_ms=LATE_MS,
        late=late.count_above(LATE_MS),
        p50=_percentile(late, 50) or 0.0,
        p99=_percentile(late, 99) or 0.0,
        max=round(late.largest / 1000, 3),
    )


def _matches(key: Key, endpoint: str, phase: str, seconds: range | None) -> bool:
    return (
        endpoint in (ALL, key.endpoint)
        and phase in (ALL, key.phase)
        and (seconds is None or key.second in seconds)
    )


def _requests(plan: Plan, until: float | None) -> Iterator[tuple[Arrival, Endpoint]]:
    for arrival, endpoint in plan.requests():
        if until is not None and arrival.due >= until:
            return
        yield arrival, endpoint


def _asked_by_second(plan: Plan, until: float | None) -> tuple[Counter[int], dict[int, str]]:
    asked: Counter[int] = Counter()
    phases: dict[int, str] = {}
    for arrival, _ in _requests(plan, until):
        second = int(arrival.due)
        asked[second] += 1
        phases.setdefault(second, arrival.phase)
    return asked, phases


def _merged(cells: Iterable[Cell]) -> Cell:
    whole = Cell()
    for cell in cells:
        whole.add(cell)
    return whole


def _second(t: int, phase: str, asked: int, cell: Cell) -> Second:
    return Second(
        t=t,
        phase=phase,
        asked=asked,
        sent=cell.sent,
        served=cell.statuses.total(),
        errors=cell.errors,
        p50=_percentile(cell.latency, 50),
        p95=_percentile(cell.latency, 95),
        p99=_percentile(cell.latency, 99),
        service_p95=_percentile(cell.service, 95),
    )


def _group(endpoint: str, phase: str, asked: int, cell: Cell) -> Group:
    return Group(
        endpoint=endpoint,
        phase=phase,
        asked=asked,
        count=cell.statuses.total(),
        errors=cell.errors,
        statuses=dict(sorted(cell.statuses.items())),
        failures=dict(cell.failures.most_common()),
        latency=percentiles(cell.latency),
        service=percentiles(cell.service),
    )


def percentiles(histogram: Histogram) -> Percentiles | None:
    if not histogram.count:
        return None
    p50, p90, p95, p99, p999 = (round(histogram.percentile(p), 3) for p in (50, 90, 95, 99, 99.9))
    return Percentiles(
        p50=p50,
        p90=p90,
        p95=p95,
        p99=p99,
        p999=p999,
        max=round(histogram.largest / 1000, 3),
        mean=round(histogram.mean, 3),
    )


def _percentile(histogram: Histogram, percent: float) -> float | None:
    return round(histogram.percentile(percent), 3) if histogram.count else None
