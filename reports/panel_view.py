"""A dashboard's panels as the page shows them: a chart each, or why there is nothing to draw."""

from dataclasses import dataclass

from markupsafe import Markup

from harness.dashboard_result import DashboardResult, Panel
from reports.charts import Chart, Limit, Series, draw
from reports.text import line

_MOST_PANELS, _MOST_SERIES, _STYLES = 40, 5, 5


@dataclass(frozen=True, slots=True)
class PanelView:
    """`chart` is empty where nothing was drawn; `note` then says why."""

    title: str
    chart: Markup
    note: str


def view_panels(dashboard: DashboardResult | None) -> tuple[PanelView, ...]:
    panels = dashboard.panels[:_MOST_PANELS] if dashboard else ()
    return tuple(_view(panel) for panel in panels)


def _view(panel: Panel) -> PanelView:
    shown = [series for series in panel.series if any(y is not None for _, y in series.points)]
    chart = Chart(
        line(panel.title, 100),
        line(panel.unit, 20),
        tuple(
            Series(line(series.name, 14), f"c{number % _STYLES + 1}", series.points)
            for number, series in enumerate(shown[:_MOST_SERIES])
        ),
        tuple(Limit(line(limit.name, 24), limit.value) for limit in panel.limits[:3]),
    )
    more = len(shown) - _MOST_SERIES
    said = line(panel.note, 200) or ("" if shown else "no data")
    return PanelView(
        title=", ".join(filter(None, (line(panel.title, 100), line(panel.unit, 20)))),
        chart=draw(chart) if shown else Markup(""),
        note="; ".join(filter(None, (said, f"and {more} more lines" if more > 0 else ""))),
    )
