"""The alert rules, by Prometheus's own tool (MON-05)."""

import re
from pathlib import Path

import pytest
import yaml

import reference_service.ops
from reference_service.ops.alerts import alerts
from reference_service.ops.files import as_yaml, rendered
from reference_service.ops.pace import PRODUCTION, Pace, spelled
from reference_service.ops.rule_cases import CASES, cases_document
from reference_service.ops.rules import rules_document
from reference_service.tests.ops.tools import run

OPS = Path(reference_service.ops.__file__).parent
BRIEF = {
    "DiscoveryHighLatency": ("histogram_quantile(0.95, discovery_search_duration_seconds) > 0.5", "5m"),
    "DiscoveryErrorRate": (
        "rate(discovery_errors_total[5m]) / rate(discovery_requests_total[5m]) > 0.01",
        "5m",
    ),
    "HealthCheckWorkerDown": ('up{job="health_checker"} == 0', "5m"),
    "MetricsAggregatorDown": ('up{job="metrics_aggregator"} == 0', "10m"),
    "VendorUptimeLow": ("vendor_uptime_pct < 95", "15m"),
}
SEVERITIES = dict.fromkeys(BRIEF, "warning") | {"HealthCheckWorkerDown": "critical"}


def test_the_files_are_what_their_source_renders() -> None:
    for name, text in rendered().items():
        assert (OPS / name).read_text(encoding="utf-8") == text, (
            f"run python -m reference_service.ops: {name}"
        )


def test_the_rules_are_valid() -> None:
    done = run("promtool", "check", "rules", str(OPS / "prometheus/alerts.yml"))
    assert (done.returncode, "SUCCESS" in done.stdout) == (0, True), done.stderr


def test_each_alert_fires_keeps_silent_and_is_right_without_series() -> None:
    assert set(CASES) == {alert.name for alert in alerts(PRODUCTION)}
    done = run("promtool", "test", "rules", str(OPS / "prometheus/alerts_test.yml"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_briefs_expressions_taken_literally_are_caught(tmp_path: Path) -> None:
    document = rules_document(PRODUCTION)
    for rule in document["groups"][1]["rules"]:
        rule["expr"] = BRIEF.get(rule["alert"], (rule["expr"],))[0]
    (tmp_path / "literal.yml").write_text(as_yaml(document))
    cases = cases_document("literal.yml")
    cases["tests"] = [test for test in cases["tests"] if test["name"].split()[0] in BRIEF]
    (tmp_path / "tests.yml").write_text(as_yaml(cases))
    assert run("promtool", "check", "rules", str(tmp_path / "literal.yml")).returncode == 0
    done = run("promtool", "test", "rules", str(tmp_path / "tests.yml"))
    assert done.returncode == 1
    caught = set(re.findall(r"alertname=\\\"(\w+)", done.stdout + done.stderr))
    assert caught == set(BRIEF) - {"VendorUptimeLow"}


def test_the_briefs_durations_and_severities_are_kept() -> None:
    rules = {rule["alert"]: rule for rule in rules_document(PRODUCTION)["groups"][1]["rules"]}
    assert {name: rules[name]["for"] for name in BRIEF} == {name: hold for name, (_, hold) in BRIEF.items()}
    assert {name: rules[name]["labels"]["severity"] for name in BRIEF} == SEVERITIES


def test_a_quick_rehearsal_differs_in_its_durations_alone() -> None:
    def skeleton(pace: Pace) -> str:
        text = yaml.safe_dump(rules_document(pace), width=10_000)
        return re.sub(r"\[\w+\]|for: \w+|> \d+ or absent|than\s+\d+\s+s", "*", text)

    assert skeleton(Pace(1 / 300, 3)) == skeleton(PRODUCTION)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(300, "5m"), (90, "90s"), (86400, "1d"), (2.5, "2500ms"), (0, "0ms"), (604800, "1w")],
)
def test_durations_are_spelled_as_prometheus_does(seconds: float, text: str) -> None:
    assert spelled(seconds) == text
