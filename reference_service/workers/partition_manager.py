"""Keeps the months of the health checks ahead of time and drops those that nobody may keep."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from reference_service.domain.retention import Partition, expired, months_needed

log = structlog.get_logger(__name__)


class Partitions(Protocol):
    def ensure(self, months: Sequence[datetime]) -> None: ...

    def existing(self) -> Sequence[Partition]: ...

    def drop(self, partition: Partition) -> None: ...


class PartitionManager:
    """One round: create what is needed, then drop what has expired."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def run_round(self, partitions: Partitions) -> None:
        now = self._now()
        partitions.ensure(months_needed(now))
        for partition in expired(partitions.existing(), now):
            partitions.drop(partition)
            log.info("partition_dropped", partition=partition.name, ended=partition.ends.isoformat())
