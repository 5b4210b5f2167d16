"""Alertmanager's configuration: pages for what is critical, Slack for all, a dead man's switch."""

from dataclasses import dataclass
from typing import Any

from reference_service.ops.alerts import Severity
from reference_service.ops.pace import HOUR, MINUTE, Pace

_TITLE = "[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}"
_TEXT = (
    "{{ range .Alerts }}*{{ .Labels.severity }}* {{ .Annotations.description }}\n"
    "Runbook: {{ .Annotations.runbook_url }}\n{{ end }}"
)


@dataclass(frozen=True, slots=True)
class Receivers:
    """Where alerts go; what is secret is in files, which Alertmanager reads."""

    pagerduty_key_file: str = "/run/secrets/pagerduty_routing_key"
    slack_url_file: str = "/run/secrets/slack_webhook_url"
    slack_channel: str = "#marketplace-alerts"
    pagerduty_url: str = "https://events.pagerduty.com/v2/enqueue"
    dead_mans_switch: str = "http://dead-mans-switch:8080/marketplace"


def alertmanager_document(receivers: Receivers, pace: Pace) -> dict[str, Any]:
    return {
        "route": {
            "receiver": "slack",
            "group_by": ["alertname"],
            "group_wait": pace(0.5 * MINUTE),
            "group_interval": pace(5 * MINUTE),
            "repeat_interval": pace(4 * HOUR),
            "routes": [
                {
                    "matchers": ['alertname="Watchdog"'],
                    "receiver": "dead-mans-switch",
                    "group_wait": "0s",
                    "group_interval": pace(MINUTE),
                    "repeat_interval": pace(MINUTE),
                },
                {
                    "matchers": [f'severity="{Severity.CRITICAL}"'],
                    "receiver": "pagerduty",
                    "continue": True,
                },
                {"matchers": [f'severity=~"{Severity.CRITICAL}|{Severity.WARNING}"'], "receiver": "slack"},
            ],
        },
        "receivers": [
            {"name": "pagerduty", "pagerduty_configs": [_pagerduty(receivers)]},
            {"name": "slack", "slack_configs": [_slack(receivers)]},
            {
                "name": "dead-mans-switch",
                "webhook_configs": [{"url": receivers.dead_mans_switch, "send_resolved": False}],
            },
        ],
    }


def _pagerduty(receivers: Receivers) -> dict[str, Any]:
    return {
        "routing_key_file": receivers.pagerduty_key_file,
        "url": receivers.pagerduty_url,
        "severity": "{{ .CommonLabels.severity }}",
        "description": "{{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}",
        "details": {
            "description": "{{ .CommonAnnotations.description }}",
            "runbook": "{{ .CommonAnnotations.runbook_url }}",
        },
        "send_resolved": True,
    }


def _slack(receivers: Receivers) -> dict[str, Any]:
    return {
        "api_url_file": receivers.slack_url_file,
        "channel": receivers.slack_channel,
        "title": _TITLE,
        "text": _TEXT,
        "send_resolved": True,
    }
