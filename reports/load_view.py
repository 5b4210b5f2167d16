"""A load result as the page shows it: charts with their limits, and the tables beside them."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from markupsafe import Markup

from harness.bottlenecks import bottlenecks
from harness.load_result import Group, LoadResult, Percentiles, Recovery, Second
from reports.charts import Band, Chart, Limit, Moment, Series, draw
from reports.text import anchor, line

_LIMIT = re.compile(r"p\d[\d.]*\b(?P<what>[^<≤]{0,90})[<≤]=?\s*(?P<value>[0-9.]+)\s*(?P<unit>ms|s)\b")
_ROWS, _BANDS, _KINDS, _RECOVERIES, _SENTENCES = 30, 40, 20, 3, 20
_TIMES_THE_LIMIT = 4  # how much of a backlog's latency is drawn above the limit of its recovery


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table beside a chart, ready to be shown."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    caption: str
    chart: Markup


@dataclass(frozen=True, slots=True)
class LoadView:
    result: LoadResult
    anchor: str
    asked: str
    charts: tuple[Drawing, ...]
    bottlenecks: tuple[str, ...]
    groups: tuple[Row, ...]
    failures: tuple[Row, ...]
    seconds: tuple[Row, ...]


def view_load(result: LoadResult) -> LoadView:
    return LoadView(
        result=result,
        anchor=anchor("load-run", result.scenario),
        asked=", ".join(
            f"{stage.to_rate:g}/s for {stage.seconds:g} s"
            if stage.from_rate == stage.to_rate
            else f"{stage.from_rate:g} → {stage.to_rate:g}/s in {stage.seconds:g} s"
            for stage in result.stages[:8]
        ),
        charts=tuple(_drawing(chart) for chart in _charts(result)) if result.timeline else (),
        bottlenecks=tuple(line(said, 500) for said in bottlenecks(result)[:_SENTENCES]),
        groups=tuple(_group(group) for group in result.groups[:40]),
        failures=tuple(_failures(result)),
        seconds=tuple(_second(second) for second in _sampled(result.timeline)),
    )


def find_limits(result: LoadResult) -> tuple[Limit, ...]:
    """The limits in ms that the criteria declare on percentiles, each once; those on service time say so."""
    found: dict[tuple[bool, float], Limit] = {}
    for criterion in result.criteria:
        match = _LIMIT.search(criterion.expected[:500])
        if match is None:
            continue
        try:
            value = float(match["value"]) * (1000 if match["unit"] == "s" else 1)
        except ValueError:
            continue
        served = "service time" in match["what"]
        name = ("service " if served else "") + line(criterion.id.rpartition("/")[2], 24)
        found.setdefault((served, value), Limit(name, value))
    return tuple(found.values())


def _charts(result: LoadResult) -> Iterator[Chart]:
    charts = [_latency(result), _rate(result)]
    if len(result.processes) > 1:
        charts += [_cpu(result), _memory(result)]
    bands = _bands(result)
    yield from (replace(chart, bands=bands) for chart in charts)
    yield from (_recovery(recovery) for recovery in result.recoveries[:_RECOVERIES])


def _drawing(chart: Chart) -> Drawing:
    cut = f", cut off at {chart.top:g}" if chart.top < math.inf else ""
    return Drawing(f"{chart.title}, {chart.unit}{cut}", draw(chart))


def _bands(result: LoadResult) -> tuple[Band, ...]:
    """The phases, where there is more than one."""
    ends = list(accumulate((stage.seconds for stage in result.stages), initial=0.0))
    bands = tuple(
        Band(line(stage.phase, 24), begin, end)
        for stage, (begin, end) in zip(result.stages, pairwise(ends), strict=True)
    )
    return bands[:_BANDS] if len(bands) > 1 else ()


def _latency(result: LoadResult) -> Chart:
    def points(name: str) -> tuple[tuple[float, float | None], ...]:
        return tuple((float(second.t), getattr(second, name)) for second in result.timeline)

    recoveries = result.recoveries[:_RECOVERIES]
    return Chart(
        "Latency from the intended start, and p95 of service time",
        "ms",
        (
            Series("p50", "c1", points("p50")),
            Series("p95", "c2", points("p95")),
            Series("p99", "c3", points("p99")),
            Series("service", "c4", points("service_p95")),
        ),
        (
            *find_limits(result),
            *(Limit(line(r.criterion, 24), round(r.limit_ms, 1), float(r.began)) for r in recoveries),
        ),
        moments=tuple(Moment("back", float(r.began + r.took)) for r in recoveries if r.took is not None),
    )


def _recovery(recovery: Recovery) -> Chart:
    """What was judged, as it was judged: windows, and seconds from when the phase began."""
    back = (
        (Moment(f"back after {recovery.took} s", float(recovery.took)),) if recovery.took is not None else ()
    )
    top = round(_TIMES_THE_LIMIT * recovery.limit_ms)
    name, phase = line(recovery.criterion, 24), line(recovery.phase, 24)
    return Chart(
        f"{name}: p95 of every {recovery.window_seconds} s of “{phase}”",
        "ms",
        (Series("p95", "c2", tuple((float(n), p95) for n, p95 in enumerate(recovery.p95))),),
        (Limit(name, round(recovery.limit_ms, 1)),),
        moments=(*back, Moment(f"{recovery.within_seconds:g} s are allowed", recovery.within_seconds)),
        top=top if any(p95 is not None and p95 > top for p95 in recovery.p95) else math.inf,
    )


def _rate(result: LoadResult) -> Chart:
    def points(name: str) -> tuple[tuple[float, float | None], ...]:
        return tuple((float(second.t), float(getattr(second, name))) for second in result.timeline)

    return Chart(
        "Requests in each second",
        "1/s",
        (
            Series("asked", "c4", points("asked")),
            Series("served", "c1", points("served")),
            Series("errors", "c5", points("errors")),
        ),
    )


def _cpu(result: LoadResult) -> Chart:
    cpu = tuple((sample.t, sample.cpu) for sample in result.processes)
    return Chart("CPU of the target", "cores", (Series("cpu", "c2", cpu),))


def _memory(result: LoadResult) -> Chart:
    rss = tuple((sample.t, sample.rss / 2**20) for sample in result.processes)
    return Chart("Memory of the target", "MiB", (Series("rss", "c1", rss),))


def _group(group: Group) -> Row:
    return Row(
        (
            line(group.endpoint, 60),
            line(group.phase, 40),
            f"{group.asked:,}",
            f"{group.count:,}",
            f"{group.errors:,}",
            *_percentiles(group.latency),
            *_percentiles(group.service),
        )
    )


def _percentiles(found: Percentiles | None) -> tuple[str, ...]:
    if found is None:
        return ("–",) * 4
    return tuple(f"{value:,.1f}" for value in (found.p50, found.p95, found.p99, found.max))


def _failures(result: LoadResult) -> Iterator[Row]:
    """Each kind of error: how many, of all that was asked, and in which phases."""
    whole = result.group()
    phases = [group for group in result.groups if group.endpoint == "all" and group.phase != "all"]
    kinds = sorted(whole.failures.items(), key=lambda item: -item[1]) if whole else []
    for kind, count in kinds[:_KINDS]:
        where = [f"{group.phase} {group.failures[kind]:,}" for group in phases if kind in group.failures]
        share = f"{100 * count / whole.asked:.3g} %" if whole and whole.asked else "–"
        yield Row((line(kind, 80), f"{count:,}", share, line(", ".join(where), 120)))


def _second(second: Second) -> Row:
    values = (second.p50, second.p95, second.p99, second.service_p95)
    return Row(
        (
            f"{second.t}",
            line(second.phase, 40),
            f"{second.asked:,}",
            f"{second.served:,}",
            f"{second.errors:,}",
            *("–" if value is None else f"{value:,.1f}" for value in values),
        )
    )


def _sampled(timeline: Sequence[Second]) -> Sequence[Second]:
    """At most 30 seconds: of each stretch the worst, one without an answer before one with a high p99."""
    size = -(-len(timeline) // _ROWS) or 1
    stretches = (timeline[start : start + size] for start in range(0, len(timeline), size))
    return [max(stretch, key=_badness) for stretch in stretches]


def _badness(second: Second) -> float:
    if second.p99 is None:
        return math.inf if second.asked else 0.0
    return second.p99
