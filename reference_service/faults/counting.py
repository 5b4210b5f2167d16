"""Workers that tell Prometheus something else than what they did."""

from types import SimpleNamespace
from typing import Any

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around


def _fault(fault: str, requirement: str, description: str, method: str, wrap: Any) -> Fault:
    install = around(f"telemetry.worker_metrics:WorkerMetrics.{method}", wrap)
    return Fault(fault, description, (requirement,), Level.OPERATIONS, install, workers=True)


def _milliseconds(right: Any) -> Any:
    return lambda self, *work: right(self, *work[:-1], work[-1] * 1000)


def _without_status(right: Any) -> Any:
    def checked(self: Any, vendor_id: int, finding: Any, seconds: float) -> None:
        nameless = SimpleNamespace(status=SimpleNamespace(value=""), error=finding.error)
        right(self, vendor_id, nameless, seconds)

    return checked


def _without_vendor(right: Any) -> Any:
    def start(self: Any, *arguments: Any) -> None:
        right(self, *arguments)
        self._labels = SimpleNamespace(label=lambda _: "")

    return start


def _nobody_processed(right: Any) -> Any:
    def aggregated(self: Any, result: Any, seconds: float) -> None:
        processed, self._vendors_processed = self._vendors_processed, SimpleNamespace(inc=lambda _: None)
        right(self, result, seconds)
        self._vendors_processed = processed

    return aggregated


FAULTS = (
    _fault(
        "checks-without-a-status",
        "MON-02",
        "the health checker counts checks without telling their status",
        "checked",
        _without_status,
    ),
    _fault(
        "checks-of-nobody",
        "MON-02",
        "the health checker counts and times checks without telling the vendor",
        "__init__",
        _without_vendor,
    ),
    _fault(
        "checks-in-milliseconds",
        "MON-02",
        "the durations of health checks are observed in milliseconds",
        "checked",
        _milliseconds,
    ),
    _fault(
        "processed-not-counted",
        "MON-03",
        "metrics_vendors_processed_total does not grow",
        "aggregated",
        _nobody_processed,
    ),
    _fault(
        "rounds-in-milliseconds",
        "MON-03",
        "the durations of aggregation rounds are observed in milliseconds",
        "aggregated",
        _milliseconds,
    ),
)
