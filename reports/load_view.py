"""A load result as the page shows it: charts with their limits, and the tables beside them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from harness.load_result import Group, LoadResult, Second
from reports.charts import Chart, Limit, Series, draw
from reports.text import anchor, line

_LIMIT = re.compile(r"p(?:50|90|95|99)\b[^<≤]{0,40}[<≤]=?\s*([0-9.]+)\s*(ms|s)\b")
_ROWS = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table beside a chart, ready to be shown."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoadView:
    result: LoadResult
    anchor: str
    asked: str
    charts: tuple[Markup, ...]
    groups: tuple[Row, ...]
    seconds: tuple[Row, ...]


def view_load(result: LoadResult) -> LoadView:
    charts = [_latency(result), _rate(result)]
    if len(result.processes) > 1:
        charts += [_cpu(result), _memory(result)]
    return LoadView(
        result=result,
        anchor=anchor("load-run", result.scenario),
        asked=", ".join(
            f"{stage.to_rate:g}/s for {stage.seconds:g} s"
            if stage.from_rate == stage.to_rate
            else f"{stage.from_rate:g} → {stage.to_rate:g}/s in {stage.seconds:g} s"
            for stage in result.stages[:8]
        ),
        charts=tuple(draw(chart) for chart in charts) if result.timeline else (),
        groups=tuple(_group(group) for group in result.groups[:40]),
        seconds=tuple(_second(second) for second in _sampled(result.timeline)),
    )


def find_limits(result: LoadResult) -> tuple[Limit, ...]:
    """The latency limits that the criteria declare, in ms, each value once."""
    found: dict[float, Limit] = {}
    for criterion in result.criteria:
        match = _LIMIT.search(criterion.expected[:500])
        if match:
            try:
                value = float(match[1]) * (1000 if match[2] == "s" else 1)
            except ValueError:
                continue
            found.setdefault(value, Limit(line(criterion.id.rpartition("/")[2], 24), value))
    return tuple(found.values())


def _latency(result: LoadResult) -> Chart:
    def points(name: str) -> tuple[tuple[float, float | None], ...]:
        return tuple((float(second.t), getattr(second, name)) for second in result.timeline)

    return Chart(
        "Latency from the intended start",
        "ms",
        (
            Series("p50", "c1", points("p50")),
            Series("p95", "c2", points("p95")),
            Series("p99", "c3", points("p99")),
        ),
        find_limits(result),
    )


def _rate(result: LoadResult) -> Chart:
    def points(name: str) -> tuple[tuple[float, float | None], ...]:
        return tuple((float(second.t), float(getattr(second, name))) for second in result.timeline)

    return Chart(
        "Requests in each second",
        "/s",
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
    latency = group.latency
    tail = (
        tuple(f"{value:,.1f}" for value in (latency.p50, latency.p95, latency.p99, latency.max))
        if latency
        else ("–",) * 4
    )
    return Row(
        (
            line(group.endpoint, 60),
            line(group.phase, 40),
            f"{group.asked:,}",
            f"{group.count:,}",
            f"{group.errors:,}",
            *tail,
        )
    )


def _second(second: Second) -> Row:
    tail = tuple("–" if value is None else f"{value:,.1f}" for value in (second.p50, second.p95, second.p99))
    return Row(
        (
            f"{second.t}",
            line(second.phase, 40),
            f"{second.asked:,}",
            f"{second.served:,}",
            f"{second.errors:,}",
            *tail,
        )
    )


def _sampled(timeline: Sequence[Second]) -> Sequence[Second]:
    """At most 30 seconds: of each stretch the one with the highest p99."""
    size = -(-len(timeline) // _ROWS) or 1
    stretches = (timeline[start : start + size] for start in range(0, len(timeline), size))
    return [max(stretch, key=lambda second: second.p99 or 0.0) for stretch in stretches]
