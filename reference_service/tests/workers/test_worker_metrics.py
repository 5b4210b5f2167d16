"""The workers' metrics by the brief's names (MON-02, MON-03)."""

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from reference_service.domain.aggregation import Aggregated, FailedPart
from reference_service.domain.health import Finding, HealthStatus
from reference_service.domain.worker_names import WorkerName
from reference_service.telemetry.worker_metrics import VendorLabels, WorkerMetrics


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def test_health_checks(registry: CollectorRegistry) -> None:
    """MON-02"""
    metrics = WorkerMetrics(registry)
    metrics.checked(7, Finding(HealthStatus.UP, 20, 200), 0.02)
    metrics.checked(7, Finding(HealthStatus.DEGRADED, 20, 404, "http_404"), 0.03)
    metrics.checked(7, Finding(HealthStatus.DOWN, error="timeout"), 10)
    read = registry.get_sample_value
    assert read("health_check_duration_seconds_count", {"vendor_id": "7"}) == 3
    assert read("health_check_duration_seconds_sum", {"vendor_id": "7"}) == pytest.approx(10.05)
    for status in HealthStatus:
        assert read("health_check_status_total", {"vendor_id": "7", "status": status.value}) == 1
    assert read("health_check_errors_total") == 1


def test_aggregations(registry: CollectorRegistry) -> None:
    """MON-03"""
    metrics = WorkerMetrics(registry)
    metrics.aggregated(Aggregated(40, (), ((1, 90.0), (2, 50.0))), 0.5)
    metrics.aggregated(Aggregated(41, (FailedPart("rating", "boom"),), ((2, 60.0),), (1, 0, 0, 7, 33)), 0.5)
    metrics.aggregation_failed()
    read = registry.get_sample_value
    assert read("metrics_aggregation_duration_seconds_count") == 2
    assert read("metrics_vendors_processed_total") == 81
    assert read("metrics_aggregation_errors_total") == 2
    assert read("vendor_uptime_pct", {"vendor_id": "1"}) is None
    assert read("vendor_uptime_pct", {"vendor_id": "2"}) == 60
    assert read("vendors_by_uptime", {"uptime": "below 90"}) == 1
    assert read("vendors_by_uptime", {"uptime": "99 to 99.9"}) == 7


def test_uptimes_are_told_by_the_leader_alone(registry: CollectorRegistry) -> None:
    metrics = WorkerMetrics(registry)
    metrics.aggregated(Aggregated(2, (), ((2, 60.0),), (1, 0, 0, 0, 1)), 0.5)
    metrics.stepped_down(WorkerName.HEALTH_CHECKER)
    assert registry.get_sample_value("vendor_uptime_pct", {"vendor_id": "2"}) == 60
    metrics.stepped_down(WorkerName.METRICS_AGGREGATOR)
    assert registry.get_sample_value("vendor_uptime_pct", {"vendor_id": "2"}) is None
    assert registry.get_sample_value("vendors_by_uptime", {"uptime": "below 90"}) is None


def test_rounds(registry: CollectorRegistry) -> None:
    metrics = WorkerMetrics(registry)
    metrics.round_done(WorkerName.METRICS_AGGREGATOR)
    metrics.round_failed(WorkerName.METRICS_AGGREGATOR)
    labels = {"worker": "metrics-aggregator"}
    assert registry.get_sample_value("worker_rounds_total", {**labels, "outcome": "done"}) == 1
    assert registry.get_sample_value("worker_rounds_total", {**labels, "outcome": "failed"}) == 1
    assert registry.get_sample_value("worker_last_success_timestamp_seconds", labels)


def test_vendor_labels_are_bounded(registry: CollectorRegistry) -> None:
    metrics = WorkerMetrics(registry, VendorLabels(most=3))
    for _ in range(2):
        for vendor_id in range(50):
            metrics.checked(vendor_id, Finding(HealthStatus.UP, 1, 200), 0.001)
    series = [line for line in generate_latest(registry).decode().splitlines() if "status_total{" in line]
    assert len(series) == 4
    assert (
        registry.get_sample_value("health_check_status_total", {"vendor_id": "other", "status": "up"}) == 94
    )
