"""What the dashboard asks of Prometheus has an answer (MON-04, QLT-05)."""

import math

import pytest

from reference_service.ops.panels import ENDPOINT, OVER, PANELS, Panel
from reference_service.ops.tests.watched import Watched, until


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_every_panel_shows_data(watched: Watched, panel: Panel) -> None:
    for query in panel.queries:
        asked = query.expr.replace(OVER, "10s").replace(ENDPOINT, ".*")

        def answered(asked: str = asked) -> bool:
            return any(math.isfinite(float(found["value"][1])) for found in watched.query(asked))

        until(answered, f"{panel.title}: {asked} has data", seconds=30)
