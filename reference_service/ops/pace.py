"""Every duration of the rules, in one place, so that a rehearsal of them can be quick."""

from dataclasses import dataclass

_UNITS = (("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000))


@dataclass(frozen=True, slots=True)
class Pace:
    """Durations times `scale`, but none below `shortest` seconds, which is below that of production's."""

    scale: float = 1.0
    shortest: float = 0.0

    def __call__(self, seconds: float) -> str:
        """The duration as Prometheus writes it, such as 5m."""
        return spelled(self.seconds(seconds))

    def seconds(self, seconds: float) -> float:
        return max(seconds * self.scale, self.shortest)


PRODUCTION = Pace()
MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def spelled(seconds: float) -> str:
    """In the largest unit that divides it."""
    milliseconds = round(seconds * 1000)
    for unit, size in _UNITS:
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"
