"""Charts: to scale, thinned without losing a peak, the limit always inside."""

import math
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from harness.evidence import Status
from harness.load_result import CriterionOutcome, LoadResult, ProcessSample, Recovery, Stage
from reports.charts import HEIGHT, WIDTH, Chart, Limit, Moment, Series, draw, nice_ceiling, thin
from reports.exhibits import loads_of
from reports.load_view import find_limits, view_load
from reports.tests.journals import load_result, write_load


def svg(chart: Chart) -> ET.Element:
    return ET.fromstring(draw(chart))  # noqa: S314 - our own drawing


def test_the_limit_is_drawn_above_lower_values() -> None:
    chart = Chart("t", "ms", (Series("p95", "c1", ((0, 10), (1, 20))),), (Limit("p95", 200),))
    root = svg(chart)
    limit = next(line for line in root.iter("line") if line.get("class") == "limit")
    y = float(limit.get("y1", ""))
    assert 0 < y < HEIGHT / 2
    path = next(root.iter("path")).get("d", "")
    assert all(float(number.split()[1]) > y for number in path.replace("M", "").split(" L"))


def test_points_lie_to_scale() -> None:
    root = svg(Chart("t", "ms", (Series("a", "c1", ((0, 0), (9, 50), (9, 100))),)))
    points = [tuple(map(float, p.split())) for p in next(root.iter("path")).get("d", "")[1:].split(" L")]
    bottom, middle, top = (y for _, y in points)
    assert middle == pytest.approx((bottom + top) / 2, abs=0.1)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)


def test_a_gap_breaks_the_line_and_a_lone_point_is_a_dot() -> None:
    chart = Chart("t", "ms", (Series("a", "c1", ((0, 1), (1, 2), (2, None), (3, 4), (4, math.nan))),))
    root = svg(chart)
    assert next(root.iter("path")).get("d", "").count("M") == 2
    assert len(list(root.iter("circle"))) == 1


@pytest.mark.parametrize("points", [(), ((0.0, None),), ((0.0, 0.0),)])
def test_nothing_to_draw_is_drawn_as_nothing(points: tuple[tuple[float, float | None], ...]) -> None:
    assert svg(Chart("t", "ms", (Series("a", "c1", points),))).get("role") == "img"


def test_names_do_not_overlap_and_stay_inside() -> None:
    series = tuple(Series(f"s{n}", "c1", ((0, 0.0), (1, 0.1))) for n in range(5))
    ys = [
        float(t.get("y", ""))
        for t in svg(Chart("t", "", (*series, Series("x", "c2", ((0, 100),))))).iter("text")
        if "name" in t.get("class", "").split()
    ]
    assert len(ys) == 6
    assert all(later - earlier >= 12 for earlier, later in zip(sorted(ys), sorted(ys)[1:], strict=False))
    assert max(ys) <= HEIGHT


@pytest.mark.parametrize("found", [999.0, 0.0, None])
def test_thinning_keeps_peaks_outages_and_gaps(found: float | None) -> None:
    """Six seconds of an hour."""
    points: list[tuple[float, float | None]] = [(float(x), 50.0) for x in range(3600)]
    points[1234:1240] = [(float(x), found) for x in range(1234, 1240)]
    kept = thin(points, 200)
    assert len(kept) <= 3 * 200
    assert found in {y for _, y in kept}
    assert [x for x, _ in kept] == sorted(x for x, _ in kept)


def test_an_outage_breaks_the_line_of_an_hours_latency_and_empties_that_of_what_was_served() -> None:
    calm = load_result(seconds=3600)
    dark = tuple(
        msgspec.structs.replace(second, served=0, p50=None, p95=None, p99=None)
        if 1234 <= second.t < 1240
        else second
        for second in calm.timeline
    )
    latency, rate, *_ = view_load(msgspec.structs.replace(calm, timeline=dark)).charts
    lines = {str(path.get("class")): path.get("d", "") for path in ET.fromstring(latency.chart).iter("path")}  # noqa: S314 - our own drawing
    assert lines["line c1"].count("M") == 2
    (served,) = (p for p in ET.fromstring(rate.chart).iter("path") if p.get("class") == "line c1")  # noqa: S314 - our own drawing
    ys = [float(point.split()[1]) for point in served.get("d", "")[1:].split(" L")]
    assert max(ys) == HEIGHT - 30  # at the bottom, where zero is


def test_the_table_of_an_hour_has_the_outage_too() -> None:
    calm = load_result(seconds=3600)
    dark = [
        msgspec.structs.replace(s, served=0, p50=None, p95=None, p99=None) if s.t == 700 else s
        for s in calm.timeline
    ]
    rows = view_load(msgspec.structs.replace(calm, timeline=tuple(dark))).seconds
    assert "700" in {row.cells[0] for row in rows}


@pytest.mark.parametrize(
    ("value", "ceiling"),
    [(0, 1), (0.3, 0.3), (1, 1), (7, 8), (216, 250), (999, 1000), (1001, 1500), (math.inf, 1), (-3, 1)],
)
def test_the_axis_ends_at_a_round_number(value: float, ceiling: float) -> None:
    assert nice_ceiling(value) == pytest.approx(ceiling)


@pytest.mark.parametrize(
    ("expected", "limit"),
    [
        ("p95 < 200 ms", 200),
        ("p95 of latency ≤ 0.2 s", 200),
        ("p99 <= 1500 ms in every 30 s window", 1500),
        ("error rate < 0.1 %", None),
        ("no 5xx", None),
        ("p95 < 1.2.3 ms", None),
    ],
)
def test_limits_are_read_from_what_criteria_expect(expected: str, limit: float | None) -> None:
    criterion = CriterionOutcome(
        id="search/p95", requirements=(), expected=expected, observed="", status=Status.PASS
    )
    found = find_limits(msgspec.structs.replace(load_result(), criteria=(criterion, criterion)))
    assert [line.value for line in found] == ([] if limit is None else [limit])


def test_a_view_samples_the_peak_and_draws_the_processes() -> None:
    samples = tuple(
        ProcessSample(t=float(t), processes=2, cpu=0.5, rss=2**28, fds=9, threads=4) for t in range(5)
    )
    ramp = (Stage(phase="rise", seconds=10, from_rate=10, to_rate=500),)
    view = view_load(msgspec.structs.replace(load_result(seconds=300), processes=samples, stages=ramp))
    assert len(view.charts) == 4
    assert len(view.seconds) <= 30
    assert "450.0" in {cell for row in view.seconds for cell in row.cells}
    assert view.asked == "10 → 500/s in 10 s"


def spike(took: int | None) -> LoadResult:
    """Phases of 3, 4 and 5 seconds, the last held against 36 ms."""
    phases = (("before", 3.0), ("peak", 4.0), ("after", 5.0))
    p95 = (500.0, 100.0, 30.0, 20.0, 20.0) if took is not None else (500.0,) * 5
    return msgspec.structs.replace(
        load_result("spike"),
        stages=tuple(Stage(phase=name, seconds=s, from_rate=10, to_rate=10) for name, s in phases),
        recoveries=(
            Recovery(
                criterion="recovery",
                phase="after",
                began=7,
                limit_ms=36.04,
                within_seconds=3,
                window_seconds=1,
                took=took,
                p95=p95,
            ),
        ),
    )


def test_phases_are_bands_and_the_recovery_has_its_limit_from_where_it_holds_and_its_moment() -> None:
    latency, rate, recovery = (ET.fromstring(drawn.chart) for drawn in view_load(spike(2)).charts)  # noqa: S314 - our own drawing
    for chart in (latency, rate):
        assert [text.text for text in chart.iter("text")][10:13] == ["before", "peak", "after"]
        (band,) = chart.iter("rect")
        assert band.findtext("title") == "peak"
        assert float(band.get("width", "")) == pytest.approx((WIDTH - 126) * 4 / 12, abs=0.1)
    limits = [line for line in latency.iter("line") if line.get("class") == "limit"]
    assert float(limits[-1].get("x1", "")) == pytest.approx(52 + (WIDTH - 126) * 7 / 12, abs=0.1)
    (moment,) = (line for line in latency.iter("line") if line.get("class") == "moment")
    assert float(moment.get("x1", "")) == pytest.approx(52 + (WIDTH - 126) * 9 / 12, abs=0.1)
    assert "limit recovery 36 ms, back at 9 s" in latency.get("aria-label", "")
    assert "back after 2 s at 2 s, 3 s are allowed at 3 s" in recovery.get("aria-label", "")


def test_a_recovery_is_drawn_as_high_as_its_limit_needs_and_says_where_it_is_cut_off() -> None:
    assert view_load(spike(2)).charts[-1].caption.endswith("of “after”, ms, cut off at 144")


def test_a_moment_after_the_last_point_is_where_it_belongs() -> None:
    root = svg(
        Chart("t", "ms", (Series("a", "c1", ((0, 1), (4, 1))),), moments=(Moment("m", 10), Moment("n", 5)))
    )
    xs = [float(line.get("x1", "")) for line in root.iter("line") if line.get("class") == "moment"]
    assert xs == pytest.approx([WIDTH - 74, 52 + (WIDTH - 126) / 2], abs=0.1)


def test_what_did_not_recover_has_no_moment_of_return() -> None:
    latency, _, recovery = (ET.fromstring(drawn.chart) for drawn in view_load(spike(None)).charts)  # noqa: S314 - our own drawing
    assert "back" not in latency.get("aria-label", "")
    assert "back" not in recovery.get("aria-label", "")


def test_service_time_is_drawn_beside_latency_and_its_limit_says_whose_it_is() -> None:
    limits = [
        CriterionOutcome(id=name, requirements=(), expected=expected, observed="", status=Status.PASS)
        for name, expected in (("p95", "p95 latency < 200 ms"), ("own", "p95 service time < 200 ms"))
    ]
    result = msgspec.structs.replace(load_result(), criteria=tuple(limits))
    assert [limit.name for limit in find_limits(result)] == ["p95", "service own"]
    latency = view_load(result).charts[0]
    assert "service at most 15 ms" in ET.fromstring(latency.chart).get("aria-label", "")  # noqa: S314 - our own drawing


def test_errors_are_listed_by_kind_with_their_phases() -> None:
    whole = load_result().groups[0]
    failures = {"status_500": 3, "connection_reset": 9}
    groups = (
        msgspec.structs.replace(whole, failures=failures),
        msgspec.structs.replace(whole, phase="peak", failures={"connection_reset": 9, "status_500": 1}),
        msgspec.structs.replace(whole, phase="after", failures={"status_500": 2}),
    )
    rows = view_load(msgspec.structs.replace(load_result(), groups=groups)).failures
    assert [row.cells for row in rows] == [
        ("connection_reset", "9", "0.75 %", "peak 9"),
        ("status_500", "3", "0.25 %", "peak 1, after 2"),
    ]


def test_a_run_without_a_timeline_has_tables_only() -> None:
    empty = msgspec.structs.replace(load_result(), timeline=(), groups=())
    view = view_load(empty)
    assert (view.charts, view.seconds, view.groups) == ((), (), ())


def test_an_unreadable_load_result_is_left_out(tmp_path: Path) -> None:
    write_load(tmp_path, load_result())
    assert [load.scenario for load in loads_of(tmp_path)] == ["search"]
    (tmp_path / "load" / "spike.json").write_text("{", encoding="utf-8")
    assert [load.scenario for load in loads_of(tmp_path)] == ["search"]
