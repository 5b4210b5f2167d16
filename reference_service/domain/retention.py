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
    return tuple(_month(now, ahead) for ahead in range(MONTHS_AHEAD + 1))


def covered_until(partitions: Iterable[Partition], now: datetime) -> datetime:
    """The moment (UTC) up to which every month from this one on has its partition."""
    ends = {partition.ends.astimezone(UTC) for partition in partitions}
    covered = _month(now, 0)
    for ahead in range(1, len(ends) + 1):
        if _month(now, ahead) not in ends:
            break
        covered = _month(now, ahead)
    return covered


def _month(now: datetime, ahead: int) -> datetime:
    now = now.astimezone(UTC)
    month = now.year * 12 + now.month - 1 + ahead
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)


def expired(partitions: Iterable[Partition], now: datetime) -> tuple[Partition, ...]:
    """Those in which no row can be younger than 90 days."""
    return tuple(partition for partition in partitions if partition.ends <= now - RETENTION)
