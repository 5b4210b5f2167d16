"""Recomputes every vendor's metrics in one transaction, then makes the caches forget the old ones."""

import time
from collections.abc import Callable
from typing import Protocol

import structlog

from reference_service.domain.aggregation import Aggregated

log = structlog.get_logger(__name__)


class Aggregation(Protocol):
    def aggregate(self) -> Aggregated:
        """Compute and store, atomically."""
        ...


class AggregationMetrics(Protocol):
    def aggregated(self, result: Aggregated, seconds: float) -> None: ...

    def aggregation_failed(self) -> None: ...


class MetricsAggregator:
    """One round: aggregate, commit, invalidate."""

    def __init__(self, *, invalidate: Callable[[], bool], metrics: AggregationMetrics) -> None:
        self._invalidate = invalidate
        self._metrics = metrics

    def run_round(self, aggregation: Aggregation) -> None:
        started = time.perf_counter()
        try:
            result = aggregation.aggregate()
        except Exception:
            self._metrics.aggregation_failed()
            raise
        self._metrics.aggregated(result, time.perf_counter() - started)
        for part in result.failed:
            log.error("aggregation_part_failed", part=part.name, error=part.error)
        if not self._invalidate():
            # The figures are committed; cached answers grow old by themselves soon.
            log.warning("cache_invalidation_failed")
