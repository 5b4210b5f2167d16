"""A dashboard's panels in the report, and that verify sees when they are altered."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.dashboard_result import (
    FILE_NAME,
    DashboardResult,
    Panel,
    PanelLimit,
    PanelSeries,
    read_dashboard,
    write_dashboard,
)
from harness.errors import CouldNotDecideError
from reports import write_reports
from reports.tests.journals import whole, write_run
from reports.tests.pages import parse
from reports.verify import Finding, verify_run
from reports.write import HTML

RESULT = DashboardResult(
    title="Marketplace",
    started_at=datetime(2030, 1, 1, tzinfo=UTC),
    seconds=60.0,
    panels=(
        Panel(
            title="Search <b>latency</b>",
            unit="ms",
            series=(PanelSeries(name="p95", points=((0.0, 12.0), (15.0, None), (30.0, 18.0))),),
            limits=(PanelLimit(name="p95", value=200.0),),
        ),
        Panel(title="Restarts", series=(PanelSeries(name="api", points=((0.0, None),)),)),
        Panel(title="Many", series=tuple(PanelSeries(name=f"s{n}", points=((0.0, n),)) for n in range(7))),
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_run(tmp_path / "run", whole())
    write_dashboard(folder, RESULT)
    write_reports(folder)
    return folder


def test_each_panel_is_a_figure_of_its_own_section(folder: Path) -> None:
    page = parse((folder / HTML).read_text(encoding="utf-8"))
    assert page.by_id("monitoring").text.split() == ["Monitoring", "3"]
    captions = [caption.text for caption in page.all("figcaption")]
    assert captions == ["Search <b>latency</b>, ms", "Restarts: no data", "Many: and 2 more lines"]
    charts = list(page.all("svg", of_class="chart"))
    assert len(charts) == 2
    assert "p95 at most 18 ms, limit p95 200 ms" in charts[0].attributes["aria-label"]


def test_without_a_dashboard_there_is_no_section(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", whole())
    write_reports(folder)
    assert 'id="monitoring"' not in (folder / HTML).read_text(encoding="utf-8")
    assert read_dashboard(folder) is None


def test_verify_sees_a_panel_that_was_altered(folder: Path) -> None:
    assert verify_run(folder).finding is Finding.SOUND
    path = folder / FILE_NAME
    path.write_text(path.read_text(encoding="utf-8").replace("18.0", "11.0"), encoding="utf-8")
    assert verify_run(folder).finding is Finding.ALTERED


@pytest.mark.parametrize("content", ["{", "{}", '{"format": 2}'])
def test_what_is_no_dashboard_is_told_and_not_drawn(tmp_path: Path, content: str) -> None:
    folder = write_run(tmp_path / "run", whole())
    (folder / FILE_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(CouldNotDecideError, match="not a dashboard"):
        read_dashboard(folder)
    write_reports(folder)
    assert 'id="monitoring"' not in (folder / HTML).read_text(encoding="utf-8")
