"""Which monthly partitions of the health checks must exist, and which have outlived their rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

RETENTION = timedelta(days=90)
MONTHS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Partition:
    """`ends` is the first moment that it can no longer hold."""

    name: str
    ends: datetime


def months_needed(now: datetime) -> tuple[datetime, ...]:
    """The first moments (UTC) of this month and of the next three."""
    now = now.astimezone(UTC)
    months = [now.year * 12 + now.month - 1 + ahead for ahead in range(MONTHS_AHEAD + 1)]
    return tuple(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC) for month in months)


def expired(partitions: Iterable[Partition], now: datetime) -> tuple[Partition, ...]:
    """Those in which no row can be younger than 90 days."""
    return tuple(partition for partition in partitions if partition.ends <= now - RETENTION)
