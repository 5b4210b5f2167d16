"""Code, rules, dashboard and documents speak of the same metrics and alerts, both ways."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric

import reference_service
from reference_service.domain.health import HealthStatus
from reference_service.domain.worker_names import WorkerName
from reference_service.ops.alerts import Alert, alerts
from reference_service.ops.pace import PRODUCTION
from reference_service.ops.panels import ENDPOINT, PANELS
from reference_service.ops.recording import recordings
from reference_service.ops.scraping import JOBS
from reference_service.telemetry.api_metrics import ApiMetrics
from reference_service.telemetry.worker_metrics import WorkerMetrics

ROOT = Path(reference_service.__file__).parents[1]
DOCS = ROOT / "docs/operations"
SECTIONS = ["## Look", "## Do", "## It is over when"]
PROMETHEUS_OWN = {"up", "ALERTS"}
LANGUAGE = {
    *("sum", "min", "max", "count", "rate", "histogram_quantile", "absent", "time", "vector", "deriv"),
    *("by", "bool", "and", "or", "offset"),
}


def emitted() -> Iterator[Metric]:
    registry = CollectorRegistry()
    WorkerMetrics(registry)
    yield from registry.collect()
    api = CollectorRegistry()
    ApiMetrics(None, api)
    yield from api.collect()


def exposed_name(metric: Metric) -> str:
    return f"{metric.name}_total" if metric.type == "counter" else metric.name


def series() -> set[str]:
    """Every name under which Prometheus stores what is emitted."""
    names = set()
    for metric in emitted():
        name = exposed_name(metric)
        names |= (
            {f"{name}_{end}" for end in ("bucket", "sum", "count")} if metric.type == "histogram" else {name}
        )
    return names


def asked_of(expression: str) -> set[str]:
    """The series that an expression names."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\[[^]]*\]|\bby \([^)]*\)", " ", bare)
    return set(re.findall(r"\b[a-zA-Z_][\w:]*", bare)) - LANGUAGE


def expressions() -> Iterator[str]:
    yield from (alert.expr for alert in alerts(PRODUCTION))
    yield from (rule.expr for rule in recordings(PRODUCTION))
    yield from (query.expr for panel in PANELS for query in panel.queries)
    for path in (ROOT / "checklists").glob("*.yaml"):
        yield from queries(yaml.safe_load(path.read_text(encoding="utf-8")))


def queries(node: Any) -> Iterator[str]:
    """What a checklist asks of Prometheus."""
    if isinstance(node, Mapping):
        yield from (value for key, value in node.items() if key == "promql")
    for part in node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ():
        yield from queries(part)


def label_values() -> Mapping[str, set[str]]:
    """The values that a label can have, where they are few."""
    values: dict[str, set[str]] = defaultdict(set)
    for metric in emitted():
        for sample in metric.samples:
            for label, value in sample.labels.items():
                values[label].add(value)
    return values | {
        "worker": set(WorkerName),
        "status": set(HealthStatus),
        "job": set(JOBS),
        "alertname": {alert.name for alert in alerts(PRODUCTION)},
        "alertstate": {"pending", "firing"},
    }


def test_every_metric_that_is_asked_for_is_emitted() -> None:
    recorded = {rule.record for rule in recordings(PRODUCTION)}
    for expression in expressions():
        assert asked_of(expression) <= series() | recorded | PROMETHEUS_OWN, expression


def test_every_label_that_is_asked_for_has_such_a_value() -> None:
    """A value that nothing has makes a rule silent, or an exclusion of none."""
    there, seen = label_values(), set()
    for expression in expressions():
        for label, texts in re.findall(r'(\w+)(?:=|!=|=~|!~)"([^"]*)"', expression):
            wanted = set(texts.split("|")) - {ENDPOINT}
            assert wanted <= there[label], expression
            seen.add(label)
    assert {"error_type", "le", "worker", "job"} <= seen


def test_every_metric_is_documented_and_every_documented_one_is_emitted() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (DOCS / "metrics.md").read_text(), re.MULTILINE)
    assert set(rows) == {exposed_name(metric) for metric in emitted()}
    for text in DOCS.glob("*.md"):
        named = set(
            re.findall(r"\b(?:discovery|database_pool|worker)_[a-z_]+_(?:total|seconds)\b", text.read_text())
        )
        assert named <= {exposed_name(metric) for metric in emitted()}, text.name


def test_every_recorded_series_is_documented() -> None:
    text = (DOCS / "metrics.md").read_text()
    for rule in recordings(PRODUCTION):
        name, _, window = rule.record.rpartition("ratio_rate")
        assert f"`{name}ratio_rate5m`" in text, rule.record
        assert window in text, rule.record


@pytest.mark.parametrize("alert", alerts(PRODUCTION), ids=lambda alert: alert.name)
def test_every_alert_has_its_runbook(alert: Alert) -> None:
    text = (DOCS.parents[1] / alert.runbook).read_text()
    assert text.startswith(f"# {alert.name}\n")
    assert re.findall(r"^## .*$", text, re.MULTILINE) == SECTIONS
    assert alert.severity == "none" or f"{alert.severity.capitalize()}. " in text
    row = f"| [{alert.name}]({Path(alert.runbook).name}) | {alert.severity} |"
    assert row in (DOCS / "README.md").read_text()


def test_no_runbook_is_left_of_an_alert_that_is_gone() -> None:
    runbooks = {path.name for path in DOCS.glob("*.md") if SECTIONS[0] in path.read_text()}
    assert runbooks == {Path(alert.runbook).name for alert in alerts(PRODUCTION)}


def test_links_between_the_documents_lead_somewhere() -> None:
    for path in DOCS.glob("*.md"):
        for link in re.findall(r"\]\((?!\w+:|#)([^)#]+)", path.read_text()):
            assert (DOCS / link).exists(), f"{path.name}: {link}"
