"""Recomputes every vendor's metrics in one transaction, then makes the caches forget the old ones.

Between rounds it tells the caches what they did not hear, and prepares searches where vendors have changed.
"""

import time
from collections.abc import Callable
from typing import Protocol

import structlog

from reference_service.domain.aggregation import Aggregated

PREPARE_REST_SECONDS = 5.0
PREPARE_REST_SHARE = 9
"""So many times as long as it took."""

log = structlog.get_logger(__name__)


class Aggregation(Protocol):
    def aggregate(self) -> Aggregated:
        """Compute and store, atomically."""
        ...


class AggregationMetrics(Protocol):
    def aggregated(self, result: Aggregated, seconds: float) -> None: ...

    def aggregation_failed(self) -> None: ...


class MetricsAggregator:
    """One round: aggregate, commit, invalidate; the last again, between rounds, until it is taken."""

    def __init__(self, *, invalidate: Callable[[], bool], metrics: AggregationMetrics) -> None:
        self._invalidate = invalidate
        self._metrics = metrics
        self._unheard = False

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
        self._unheard = not self._invalidate()
        if self._unheard:
            # The figures are committed; cached answers grow old by themselves soon.
            log.warning("cache_invalidation_failed")

    def repeat_unheard(self) -> None:
        """Invalidate again where the last time was not taken."""
        if self._unheard and self._invalidate():
            self._unheard = False
            log.info("cache_invalidated_late")


class SearchPreparer:
    """Prepares searches soon after vendors changed, in a small share of the time however often they do."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._not_before = 0.0

    def prepare_soon(self, prepare: Callable[[], bool]) -> None:
        """`prepare` says whether there was anything to do."""
        began = self._clock()
        if began < self._not_before:
            return
        prepared = prepare()
        ended = self._clock()
        self._not_before = ended + max(PREPARE_REST_SECONDS, PREPARE_REST_SHARE * (ended - began))
        if prepared:
            log.info("searches_prepared", seconds=round(ended - began, 3))
