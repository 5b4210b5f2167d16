"""Charts: to scale, thinned without losing a peak, the limit always inside."""

import math
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from harness.evidence import Status
from harness.load_result import CriterionOutcome, ProcessSample, Stage
from reports.charts import HEIGHT, WIDTH, Chart, Limit, Series, draw, nice_ceiling, thin
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


def test_thinning_keeps_the_highest() -> None:
    points = [(float(x), 1.0) for x in range(3600)]
    points[1234] = (1234.0, 999.0)
    kept = thin(points, 300)
    assert len(kept) <= 300
    assert (1234.0, 999.0) in kept


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


def test_a_run_without_a_timeline_has_tables_only() -> None:
    empty = msgspec.structs.replace(load_result(), timeline=(), groups=())
    view = view_load(empty)
    assert (view.charts, view.seconds, view.groups) == ((), (), ())


def test_an_unreadable_load_result_is_left_out(tmp_path: Path) -> None:
    write_load(tmp_path, load_result())
    assert [load.scenario for load in loads_of(tmp_path)] == ["search"]
    (tmp_path / "load" / "spike.json").write_text("{", encoding="utf-8")
    assert [load.scenario for load in loads_of(tmp_path)] == ["search"]
