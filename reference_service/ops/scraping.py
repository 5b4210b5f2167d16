"""Prometheus's own configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

JOBS = ("discovery", "health_checker", "metrics_aggregator", "partition_manager")


@dataclass(frozen=True, slots=True)
class Scraping:
    """Where Prometheus looks, and whom it tells; addresses are host:port, `every` is in seconds."""

    targets: Mapping[str, str]
    alertmanager: str | None = None
    rules: str = "alerts.yml"
    every: float = 15


DEPLOYED = Scraping(
    targets={
        "discovery": "api:8080",
        "health_checker": "health-checker:9102",
        "metrics_aggregator": "metrics-aggregator:9102",
        "partition_manager": "partition-manager:9102",
    },
    alertmanager="alertmanager:9093",
)


def prometheus_document(scraping: Scraping) -> dict[str, Any]:
    every = f"{round(scraping.every * 1000)}ms"
    told = [{"static_configs": [{"targets": [scraping.alertmanager]}]}] if scraping.alertmanager else []
    return {
        "global": {"scrape_interval": every, "scrape_timeout": every, "evaluation_interval": every},
        "rule_files": [scraping.rules],
        **({"alerting": {"alertmanagers": told}} if told else {}),
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": [address]}]}
            for job, address in scraping.targets.items()
        ],
    }
