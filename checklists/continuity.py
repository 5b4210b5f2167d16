"""How much of a watch was watched: the rounds that were made beside those that were planned; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_MOST_UNSEEN = 0.1  # of the time: beyond it nobody knows whether it held
_AT_ONCE = 5.0  # seconds: a restart is no gap


@dataclass(frozen=True, slots=True)
class Plan:
    """How long, and how often; seconds."""

    seconds: float
    every: float


@dataclass(frozen=True, slots=True)
class Span:
    """One round, in seconds since the epoch."""

    begun: float
    ended: float


@dataclass(frozen=True, slots=True)
class Continuity:
    """`longest` is the longest time in which nobody looked, in seconds; `unseen` the share of all such."""

    planned: int
    rounds: int
    longest: float
    unseen: float

    @property
    def broken(self) -> bool:
        return self.unseen > _MOST_UNSEEN


def continuity_of(rounds: Sequence[Span], started: float, plan: Plan) -> Continuity:
    """Between two rounds may lie twice what was planned; what is longer was not watched. Needs one round."""
    ended = max(rounds[-1].ended, started + plan.seconds)
    looked = (Span(started, started), *rounds)
    gaps = [max(0.0, after.begun - before.ended) for before, after in pairwise(looked)]
    unseen = sum(gap for gap in gaps if gap > max(2 * plan.every, _AT_ONCE))
    return Continuity(
        planned=int(plan.seconds / plan.every) + 1,
        rounds=len(rounds),
        longest=round(max(gaps), 1),
        unseen=round(unseen / max(ended - started, plan.every), 4),
    )
