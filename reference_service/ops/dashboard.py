"""Grafana's dashboard, from the list of panels."""

from collections.abc import Iterator, Mapping
from typing import Any

from reference_service.ops.alerts import alerts
from reference_service.ops.pace import PRODUCTION
from reference_service.ops.panels import ROWS, Kind, Panel, Query, Unit

_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_SCHEMA_VERSION = 39
_COLUMNS, _WIDTH, _HEIGHT = 3, 8, 8


def dashboard_document(*, runbooks: str = "") -> dict[str, Any]:
    """`runbooks` is put before the runbooks' paths: where the repository can be browsed."""
    return {
        "uid": "marketplace",
        "title": "Marketplace",
        "description": "Rendered by `python -m reference_service.ops` from reference_service/ops/panels.py.",
        "tags": ["marketplace"],
        "schemaVersion": _SCHEMA_VERSION,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "timezone": "utc",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": _variables()},
        "panels": list(_placed(runbooks)),
    }


def _variables() -> list[dict[str, Any]]:
    query = "label_values(discovery_requests_total, endpoint)"
    return [
        {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"},
        {
            "name": "endpoint",
            "label": "Endpoint",
            "type": "query",
            "datasource": _SOURCE,
            "query": {"query": query, "refId": "endpoint"},
            "includeAll": True,
            "multi": True,
            "allValue": ".*",
            "current": {"text": ["All"], "value": ["$__all"]},
            "refresh": 2,
            "sort": 1,
        },
    ]


def _placed(runbooks: str) -> Iterator[dict[str, Any]]:
    runbook_of = {alert.name: runbooks + alert.runbook for alert in alerts(PRODUCTION)}
    top, number = 0, 0
    for row in ROWS:
        number += 1
        grid = {"x": 0, "y": top, "w": _COLUMNS * _WIDTH, "h": 1}
        yield {
            "id": number,
            "type": "row",
            "title": row.title,
            "gridPos": grid,
            "collapsed": False,
            "panels": [],
        }
        top += 1
        for place, panel in enumerate(row.panels):
            number += 1
            x, y = place % _COLUMNS * _WIDTH, top + place // _COLUMNS * _HEIGHT
            yield {
                "id": number,
                "gridPos": {"x": x, "y": y, "w": _WIDTH, "h": _HEIGHT},
                **_panel(panel, runbook_of),
            }
        top += -(-len(row.panels) // _COLUMNS) * _HEIGHT


def _panel(panel: Panel, runbook_of: Mapping[str, str]) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"value": None, "color": panel.base}]
    steps += [{"value": threshold.value, "color": threshold.colour} for threshold in panel.thresholds]
    defaults: dict[str, Any] = {
        "unit": panel.unit.value,
        "min": 0,
        "thresholds": {"mode": "absolute", "steps": steps},
    }
    if panel.unit is Unit.UP_OR_DOWN:
        states = {"0": {"text": "down", "color": "red"}, "1": {"text": "up", "color": "green"}}
        defaults["mappings"] = [{"type": "value", "options": states}]
    if panel.kind is Kind.TIME_SERIES:
        style = "line" if panel.thresholds else "off"
        defaults["custom"] = {"thresholdsStyle": {"mode": style}, "fillOpacity": 10, "showPoints": "never"}
    return {
        "type": panel.kind.value,
        "title": panel.title,
        "description": panel.description,
        "datasource": _SOURCE,
        "targets": [_target(query, number, panel.kind) for number, query in enumerate(panel.queries)],
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": _options(panel.kind),
        "links": [_link(name, runbook_of[name]) for name in panel.alerts],
    }


def _link(alert: str, url: str) -> dict[str, Any]:
    return {
        "title": f"Runbook of {alert}",
        "type": "link",
        "url": url,
        "icon": "doc",
        "tooltip": "",
        "tags": [],
        "targetBlank": True,
        "asDropdown": False,
        "includeVars": False,
        "keepTime": False,
    }


def _target(query: Query, number: int, kind: Kind) -> dict[str, Any]:
    return {
        "refId": chr(ord("A") + number),
        "datasource": _SOURCE,
        "editorMode": "code",
        "expr": query.expr,
        "legendFormat": query.legend,
        "range": kind is Kind.TIME_SERIES,
        "instant": kind is not Kind.TIME_SERIES,
    }


def _options(kind: Kind) -> dict[str, Any]:
    if kind is Kind.TIME_SERIES:
        return {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        }
    reduced = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
    return {**reduced, "orientation": "horizontal" if kind is Kind.BAR_GAUGE else "auto"}
