"""The report's figures: each beside its limit, and honest where one cannot be measured."""

from pathlib import Path

import msgspec
import pytest

from harness.commands.bench_report import ReportBench, ReportFigure, _figure, _large_report, report_table
from harness.journal import read_journal


@pytest.mark.parametrize(
    ("values", "value", "held"), [([1.2, 1.3, 9.0], 1.3, True), ([1.2, 1.301, 1.4], 1.301, False)]
)
def test_the_median_is_held_against_the_limit(values: list[float], value: float, held: bool) -> None:
    figure = _figure("checks", values, "s", 1.3)
    assert (figure.value, figure.held) == (value, held)


def test_the_table_tells_what_was_missed_and_what_could_not_be_measured() -> None:
    missing = ReportFigure(name="b", value=None, unit="s", limit=1.5, held=None, note="no Chromium on PATH")
    held, missed = (_figure(name, [1.0], "s", limit) for name, limit in (("a", 1.3), ("c", 0.9)))
    table = report_table(ReportBench(format=1, rounds=1, figures=(held, missing, missed))).splitlines()
    assert table[0].endswith("limit 1.3 s  held")
    assert table[1].endswith("not measured (no Chromium on PATH)")
    assert table[2].endswith("MISSED")


def test_the_large_report_is_a_run_with_that_many_items(tmp_path: Path) -> None:
    page = _large_report(tmp_path / "large", 20)
    assert page.read_text(encoding="utf-8").count("<details class=row ") == 20
    assert len(read_journal(page.parent).entries) == 20


def test_the_document_has_a_schema() -> None:
    assert "ReportFigure" in msgspec.json.schema(ReportBench)["$defs"]
