"""Can a limit still be kept, whatever the rest of a run brings? Pure."""

import math
from collections.abc import Sequence

from loadtests.arrivals import ArrivalKind, expected_in, peak_of
from loadtests.criteria import Criterion
from loadtests.judgement import LATE_SHARE
from loadtests.measurement import Measurement
from loadtests.plan import Plan
from loadtests.rules import Errors, Latency, Service, Statuses
from loadtests.summary import ALL, latencies, lateness, select, services

_DEVIATIONS = 4  # by more than so many standard deviations chance hardly ever exceeds what is expected


class Hopes:
    """Of the hard limits of one run."""

    def __init__(self, criteria: Sequence[Criterion], plan: Plan) -> None:
        self._watched = [
            (criterion, rule, _most(plan, endpoint=rule.endpoint, phase=rule.phase))
            for criterion in criteria
            if criterion.hard and isinstance(rule := criterion.rule, Latency | Errors | Statuses)
        ]

    def lost(self, measurement: Measurement) -> str:
        """Why a limit is lost even if all that is still due went well; empty where none is."""
        for criterion, rule, due in self._watched:
            if _lost(rule, due, measurement):
                return f"{criterion.id} ({rule}) cannot be kept any more"
        return ""


def _lost(rule: Latency | Errors | Statuses, due: int, measurement: Measurement) -> bool:
    cells = list(select(measurement, endpoint=rule.endpoint, phase=rule.phase))
    match rule:
        case Statuses():
            bad = sum(n for c in cells for status, n in c.statuses.items() if status[0] == rule.kind[0])
            return bad > rule.at_most
        case Errors():
            return sum(cell.errors for cell in cells) >= due * rule.below_percent / 100
        case _:
            merged = (services if isinstance(rule, Service) else latencies)(cells)
            return merged.count_above(rule.below_ms) > due * (1 - rule.percentile / 100)


def out_of_reach(plan: Plan, measurement: Measurement) -> str:
    """Why a run will be invalid whatever is still to come, empty where it may be valid."""
    late, planned = lateness(measurement).late, _most(plan)
    if late <= planned * LATE_SHARE:
        return ""
    return (
        f"the generator cannot make {peak_of(plan.stages):g} requests/s: {late} of about {planned} starts "
        f"were late already (at most {LATE_SHARE:.0%} may be)"
    )


def _most(plan: Plan, *, endpoint: str = ALL, phase: str = ALL) -> int:
    """No more requests are due: to count them would take too long where the rate is high."""
    expected = sum(expected_in(stage) for stage in plan.stages if phase in (ALL, stage.phase))
    weights = {one.name: one.weight for one in plan.scenario.endpoints}
    share = 1.0 if endpoint == ALL else weights[endpoint] / sum(weights.values())
    if share == 1.0 and plan.kind is ArrivalKind.CONSTANT:
        return math.ceil(expected)
    return math.ceil(expected * share + _DEVIATIONS * math.sqrt(expected * share))
