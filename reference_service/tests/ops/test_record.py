"""What is kept of the dashboard: every panel, each line by its legend, nothing that is no number."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from reference_service.ops.panels import PANELS
from reference_service.ops.record import MOST_POINTS, Stretch, record

STRETCH = Stretch(1000.0, 1010.0, "10s")


def answering(*values: list[Any]) -> Sequence[Mapping[str, Any]]:
    return [{"metric": {"endpoint": "search", "worker": "w"}, "values": list(values)}]


def test_every_panel_is_there_with_its_row_unit_and_limits() -> None:
    recorded = record(lambda *_: answering([1002.0, "0.5"]), STRETCH)
    assert [panel["title"] for panel in recorded["panels"]] == [panel.title for panel in PANELS]
    latency, requests, errors = recorded["panels"][:3]
    assert (latency["row"], latency["unit"]) == ("Marketplace", "s")
    assert latency["limits"] == [{"name": "warning", "value": 0.2}, {"name": "critical", "value": 0.5}]
    assert [line["name"] for line in latency["series"]] == ["p50", "p95", "p99"]
    assert requests["series"] == [{"name": "search", "points": [[2.0, 0.5]]}]
    assert errors["unit"] == "share"
    assert (recorded["started_at"], recorded["seconds"]) == ("1970-01-01T00:16:40+00:00", 10.0)


def test_what_is_no_number_is_a_gap_and_a_line_of_gaps_is_none() -> None:
    recorded = record(lambda *_: answering([1000.0, "NaN"], [1001.0, "+Inf"], [1002.0, "1"]), STRETCH)
    assert recorded["panels"][1]["series"][0]["points"] == [[0.0, None], [1.0, None], [2.0, 1.0]]
    recorded = record(lambda *_: answering([1000.0, "NaN"]), STRETCH)
    assert all(panel["series"] == [] for panel in recorded["panels"])


def test_variables_have_values_when_prometheus_is_asked() -> None:
    asked: list[str] = []

    def ask(expression: str, _: Stretch) -> Sequence[Mapping[str, Any]]:
        asked.append(expression)
        return []

    record(ask, STRETCH)
    assert not [expression for expression in asked if "$" in expression]
    assert any("[10s]" in expression for expression in asked)


@pytest.mark.parametrize(("seconds", "step"), [(10, 1.0), (MOST_POINTS, 1.0), (10 * MOST_POINTS, 10.0)])
def test_a_long_stretch_is_looked_at_less_often(seconds: float, step: float) -> None:
    assert Stretch(0.0, seconds, "10s").step == step
