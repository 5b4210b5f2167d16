"""The dashboard as Grafana will read it (MON-04)."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import reference_service.ops
from reference_service.ops.alerts import alerts
from reference_service.ops.pace import PRODUCTION
from reference_service.ops.panels import PANELS

BRIEF = (
    "Search latency",
    "Search requests per minute",
    "Error rate by endpoint",
    "Health check success rate",
    "Vendor uptime distribution",
    "Worker status",
)


@pytest.fixture(scope="module")
def panels() -> list[Any]:
    file = Path(reference_service.ops.__file__).parent / "grafana/marketplace.json"
    found: list[Any] = json.loads(file.read_text(encoding="utf-8"))["panels"]
    return found


def test_the_panels_of_the_brief_come_first(panels: list[Any]) -> None:
    assert [panel["title"] for panel in panels if panel["type"] != "row"][:6] == list(BRIEF)
    latency = panels[1]["targets"]
    assert [target["legendFormat"] for target in latency] == ["p50", "p95", "p99"]


def test_no_panel_covers_another(panels: list[Any]) -> None:
    def cells(panel: Any) -> set[tuple[int, int]]:
        grid = panel["gridPos"]
        rows, columns = range(grid["y"], grid["y"] + grid["h"]), range(grid["x"], grid["x"] + grid["w"])
        return {(row, column) for row in rows for column in columns}

    assert len({panel["id"] for panel in panels}) == len(panels)
    for first, second in combinations(panels, 2):
        assert not cells(first) & cells(second), (first["title"], second["title"])
    assert all(column < 24 for panel in panels for _, column in cells(panel))


def test_every_alert_is_linked_from_a_panel() -> None:
    linked = {name for panel in PANELS for name in panel.alerts}
    assert linked == {alert.name for alert in alerts(PRODUCTION)}
