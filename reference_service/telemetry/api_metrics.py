"""The API's metrics, by the brief's names; right across processes where they share a folder."""

from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from reference_service.telemetry.memory import ResidentMemory, own_process, processes_sharing

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5)
_RESULTS = (0, 1, 5, 20, 100, 500, 1000, 5000, 10_000, 100_000)

ENDPOINTS = (
    "search",
    "advanced_search",
    "featured",
    "vendor",
    "vendor_health",
    "categories",
    "quick_search",
    "unknown",
)
ERROR_TYPES = (
    "invalid_request",
    "not_found",
    "method_not_allowed",
    "unsupported_media_type",
    "payload_too_large",
    "rate_limited",
    "internal_error",
    "unavailable",
)


class ApiMetrics:
    """What the API counts and times.

    `folder` is where prometheus_client keeps the values of all processes; it reads the variable
    PROMETHEUS_MULTIPROC_DIR itself, when it is imported. None: this process alone.
    """

    def __init__(self, folder: Path | None, registry: CollectorRegistry | None = None) -> None:
        self._registry = registry or CollectorRegistry()
        if folder is not None:
            MultiProcessCollector(self._registry, str(folder))  # type: ignore[no-untyped-call]  # the library's gap
        self._registry.register(
            ResidentMemory(own_process if folder is None else partial(processes_sharing, folder))
        )
        own = None if folder is not None else self._registry
        self._seconds = Histogram(
            "discovery_search_duration_seconds",
            "Duration of search requests, caches and failures included",
            buckets=_SECONDS,
            registry=own,
        )
        self._results = Histogram(
            "discovery_search_results_total", "Vendors that a search matched", buckets=_RESULTS, registry=own
        )
        self._requests = Counter(
            "discovery_requests_total", "Requests by endpoint", ["endpoint"], registry=own
        )
        self._errors = Counter(
            "discovery_errors_total",
            "Answers that were errors, by endpoint and error code",
            ["endpoint", "error_type"],
            registry=own,
        )
        self._pool_wait = Histogram(
            "database_pool_wait_seconds",
            "How long a query waited for a connection of the pool",
            buckets=_SECONDS,
            registry=own,
        )
        self._pool_busy = Counter(
            "database_pool_busy_seconds_total",
            "Time that connections were in use; its rate is how many are, on average",
            registry=own,
        )
        self._pool_exhausted = Counter(
            "database_pool_exhausted_total", "Queries that got no connection in time", registry=own
        )
        self._start_at_zero()

    def request(self, endpoint: str) -> None:
        self._requests.labels(endpoint).inc()

    def error(self, endpoint: str, code: str) -> None:
        self._errors.labels(endpoint, code).inc()

    def searched(self, seconds: float) -> None:
        self._seconds.observe(seconds)

    def found(self, results: int) -> None:
        self._results.observe(results)

    def pool_waited(self, seconds: float) -> None:
        self._pool_wait.observe(seconds)

    def pool_used(self, seconds: float) -> None:
        self._pool_busy.inc(seconds)

    def pool_exhausted(self) -> None:
        self._pool_exhausted.inc()

    def exposition(self) -> bytes:
        """Prometheus text format."""
        return generate_latest(self._registry)

    def _start_at_zero(self) -> None:
        """A series that appears with its first event hides that event from `rate()`."""
        for endpoint in ENDPOINTS:
            self._requests.labels(endpoint)
            for code in ERROR_TYPES:
                self._errors.labels(endpoint, code)
