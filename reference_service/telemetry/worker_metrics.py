"""The workers' metrics, by the brief's names."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from reference_service.domain.aggregation import UPTIME_BANDS, Aggregated
from reference_service.domain.health import Finding, Reason
from reference_service.domain.worker_names import WorkerName
from reference_service.telemetry.memory import ResidentMemory, own_process

MAX_VENDOR_LABELS = 100
OTHER_VENDORS = "other"
_CHECK_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_ROUND_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_REASONS = frozenset(reason.value for reason in Reason)


class VendorLabels:
    """Values for `vendor_id` labels: the first hundred vendors seen by name, the rest together.

    A label of its own for each vendor would make a series for each, times the buckets.
    """

    def __init__(self, most: int = MAX_VENDOR_LABELS) -> None:
        self._most = most
        self._named: set[int] = set()

    def label(self, vendor_id: int) -> str:
        if vendor_id not in self._named:
            if len(self._named) >= self._most:
                return OTHER_VENDORS
            self._named.add(vendor_id)
        return str(vendor_id)


class WorkerMetrics:
    """What the workers count and time, in one registry."""

    def __init__(self, registry: CollectorRegistry, labels: VendorLabels | None = None) -> None:
        self._labels = labels or VendorLabels()
        registry.register(ResidentMemory(own_process))
        self._check_seconds = Histogram(
            "health_check_duration_seconds",
            "Duration of health checks; the first vendors by id, the others together",
            ["vendor_id"],
            buckets=_CHECK_BUCKETS,
            registry=registry,
        )
        self._checks = Counter(
            "health_check_status_total",
            "Health checks by outcome",
            ["vendor_id", "status"],
            registry=registry,
        )
        self._check_errors = Counter(
            "health_check_errors_total", "Health checks that got no answer to judge", registry=registry
        )
        self._aggregation_seconds = Histogram(
            "metrics_aggregation_duration_seconds",
            "Duration of aggregation rounds",
            buckets=_ROUND_BUCKETS,
            registry=registry,
        )
        self._vendors_processed = Counter(
            "metrics_vendors_processed_total", "Vendors whose metrics were stored", registry=registry
        )
        self._aggregation_errors = Counter(
            "metrics_aggregation_errors_total",
            "Parts of aggregations, or whole ones, that failed",
            registry=registry,
        )
        self._low_uptimes = Gauge(
            "vendor_uptime_pct", "Uptime of each active vendor below 95 %", ["vendor_id"], registry=registry
        )
        self._uptime_bands = Gauge(
            "vendors_by_uptime", "Active vendors by their uptime in percent", ["uptime"], registry=registry
        )
        self._partitions = Gauge(
            "health_partitions_until_timestamp_seconds",
            "Until when every month has its partition for health checks; 0: not looked at yet",
            registry=registry,
        )
        self._rounds = Counter(
            "worker_rounds_total", "Rounds of a worker by outcome", ["worker", "outcome"], registry=registry
        )
        self._last_success = Gauge(
            "worker_last_success_timestamp_seconds",
            "When a worker's round last succeeded in this process",
            ["worker"],
            registry=registry,
        )

    def checked(self, vendor_id: int, finding: Finding, seconds: float) -> None:
        label = self._labels.label(vendor_id)
        self._check_seconds.labels(label).observe(seconds)
        self._checks.labels(label, finding.status.value).inc()
        if finding.error in _REASONS:
            self._check_errors.inc()

    def aggregated(self, result: Aggregated, seconds: float) -> None:
        self._aggregation_seconds.observe(seconds)
        self._vendors_processed.inc(result.vendors)
        self._aggregation_errors.inc(len(result.failed))
        self._low_uptimes.clear()
        for vendor_id, uptime_pct in result.low_uptimes:
            self._low_uptimes.labels(str(vendor_id)).set(uptime_pct)
        for band, count in zip(UPTIME_BANDS, result.uptime_bands, strict=True):
            self._uptime_bands.labels(band).set(count)

    def aggregation_failed(self) -> None:
        self._aggregation_errors.inc()

    def partitions_reach(self, until: datetime) -> None:
        self._partitions.set(until.timestamp())

    def round_done(self, worker: WorkerName) -> None:
        self._rounds.labels(worker.value, "done").inc()
        self._last_success.labels(worker.value).set_to_current_time()

    def round_failed(self, worker: WorkerName) -> None:
        self._rounds.labels(worker.value, "failed").inc()

    def stepped_down(self, worker: WorkerName) -> None:
        """Uptimes are the leader's to tell: what this process knew of them is old from now on."""
        if worker is WorkerName.METRICS_AGGREGATOR:
            self._low_uptimes.clear()
            self._uptime_bands.clear()
