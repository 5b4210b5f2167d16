"""Keeps the months of the health checks ahead of time and drops those that nobody may keep."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from reference_service.domain.retention import Partition, covered_until, expired, months_needed

log = structlog.get_logger(__name__)


class Partitions(Protocol):
    def ensure(self, months: Sequence[datetime]) -> None: ...

    def existing(self) -> Sequence[Partition]: ...

    def drop(self, partition: Partition) -> None: ...


class PartitionMetrics(Protocol):
    def partitions_reach(self, until: datetime) -> None: ...


class PartitionManager:
    """One round: create what is needed, tell how far it reaches, then drop what has expired."""

    def __init__(self, now: Callable[[], datetime], metrics: PartitionMetrics) -> None:
        self._now = now
        self._metrics = metrics

    def run_round(self, partitions: Partitions) -> None:
        now = self._now()
        partitions.ensure(months_needed(now))
        existing = partitions.existing()
        self._metrics.partitions_reach(covered_until(existing, now))
        for partition in expired(existing, now):
            partitions.drop(partition)
            log.info("partition_dropped", partition=partition.name, ended=partition.ends.isoformat())
