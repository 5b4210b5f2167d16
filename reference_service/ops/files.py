"""The files that Prometheus, Alertmanager and Grafana read, rendered."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from reference_service.ops.dashboard import dashboard_document
from reference_service.ops.pace import PRODUCTION
from reference_service.ops.routing import Receivers, alertmanager_document
from reference_service.ops.rule_cases import cases_document
from reference_service.ops.rules import rules_document
from reference_service.ops.scraping import DEPLOYED, prometheus_document

HEADER = "# Rendered by `python -m reference_service.ops`; change its source, not this file.\n"


def rendered() -> Mapping[str, str]:
    """Texts by path below `reference_service/ops`."""
    return {
        "prometheus/alerts.yml": as_yaml(rules_document(PRODUCTION)),
        "prometheus/alerts_test.yml": as_yaml(cases_document("alerts.yml")),
        "prometheus/prometheus.yml": as_yaml(prometheus_document(DEPLOYED)),
        "alertmanager/alertmanager.yml": as_yaml(alertmanager_document(Receivers(), PRODUCTION)),
        "grafana/marketplace.json": json.dumps(dashboard_document(), indent=2) + "\n",
    }


def as_yaml(document: Mapping[str, Any]) -> str:
    return HEADER + yaml.safe_dump(dict(document), sort_keys=False, width=110, allow_unicode=True)
