"""The workers by the names that commands, locks and heartbeats use."""

from enum import StrEnum


class WorkerName(StrEnum):
    HEALTH_CHECKER = "health-checker"
    METRICS_AGGREGATOR = "metrics-aggregator"
    PARTITION_MANAGER = "partition-manager"
