"""What one round of the metrics aggregator did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

UPTIME_BOUNDS = (90.0, 95.0, 99.0, 99.9)
UPTIME_BANDS = ("below 90", "90 to 95", "95 to 99", "99 to 99.9", "99.9 and above")
"""How vendors are counted by uptime (percent): a band begins at its lower bound."""

LONGEST_LEAP = timedelta(hours=6)
COMPUTED_ANEW_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far a part came, by the clock of its round, and when all of it was last computed anew."""

    as_of: datetime
    computed_at: datetime

    def is_too_old(self, now: datetime) -> bool:
        """Whether to go on from here would cost more than to begin anew, or has been done for a day."""
        return (
            abs(now - self.as_of) > LONGEST_LEAP
            or not timedelta() <= now - self.computed_at < COMPUTED_ANEW_AFTER
        )


@dataclass(frozen=True, slots=True)
class FailedPart:
    """A part whose figures kept their last good values."""

    name: str
    error: str


@dataclass(frozen=True, slots=True)
class Aggregated:
    vendors: int
    failed: tuple[FailedPart, ...] = ()
    low_uptimes: tuple[tuple[int, float], ...] = ()
    """Active vendors below the alert's threshold: id and uptime in percent."""
    uptime_bands: tuple[int, ...] = (0,) * len(UPTIME_BANDS)
    """Active vendors in each of UPTIME_BANDS."""


def banded(counts: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """The count of every band, from those that are not empty: index and count."""
    found = dict(counts)
    return tuple(found.get(band, 0) for band in range(len(UPTIME_BANDS)))
