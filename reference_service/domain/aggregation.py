"""What one round of the metrics aggregator did."""

from dataclasses import dataclass


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
