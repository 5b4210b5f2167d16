"""Prometheus's rule file."""

from typing import Any

from reference_service.ops.alerts import Alert, alerts
from reference_service.ops.pace import Pace
from reference_service.ops.recording import recordings


def rules_document(pace: Pace, *, runbooks: str = "") -> dict[str, Any]:
    """`runbooks` is put before the runbooks' paths: where the repository can be browsed."""
    return {
        "groups": [
            {
                "name": "marketplace-objectives",
                "rules": [{"record": rule.record, "expr": rule.expr} for rule in recordings(pace)],
            },
            {
                "name": "marketplace-alerts",
                "rules": [_rule(alert, pace, runbooks) for alert in alerts(pace)],
            },
        ]
    }


def _rule(alert: Alert, pace: Pace, runbooks: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"alert": alert.name, "expr": alert.expr}
    if alert.hold:
        rule["for"] = pace(alert.hold)
    return rule | {
        "labels": {"severity": alert.severity.value},
        "annotations": {
            "summary": alert.summary,
            "description": alert.description,
            "runbook_url": runbooks + alert.runbook,
        },
    }
