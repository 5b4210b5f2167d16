"""The dashboard's questions have answers (MON-04, QLT-05), and all that Prometheus keeps is documented."""

import math
import re
from pathlib import Path

import pytest

import reference_service
from reference_service.ops.panels import ENDPOINT, OVER, PANELS, Panel
from reference_service.ops.tests.watched import Watched, until


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_every_panel_shows_data(watched: Watched, panel: Panel) -> None:
    for query in panel.queries:
        asked = query.expr.replace(OVER, "10s").replace(ENDPOINT, ".*")

        def answered(asked: str = asked) -> bool:
            return any(math.isfinite(float(found["value"][1])) for found in watched.query(asked))

        until(answered, f"{panel.title}: {asked} has data", seconds=30)


def test_every_series_of_the_marketplace_is_documented(watched: Watched) -> None:
    page = Path(reference_service.__file__).parents[1] / "docs/operations/metrics.md"
    documented = set(re.findall(r"^\| `(\w+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE))
    only_of_low_uptimes = {"vendor_uptime_pct"}
    until(lambda: kept(watched) >= documented - only_of_low_uptimes, "every series is kept", seconds=30)
    assert kept(watched) <= documented


def kept(watched: Watched) -> set[str]:
    """The metrics that Prometheus has of the marketplace, its own notes on scraping aside."""
    names = {found["metric"]["__name__"] for found in watched.query('{instance=~".+"}')}
    notes = {name for name in names if name.startswith("scrape_")} | {"up"}
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in names - notes}
