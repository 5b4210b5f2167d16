"""Can a limit still be kept, whatever the rest of a run brings? Pure."""

from collections import Counter
from collections.abc import Sequence

from loadtests.criteria import Criterion
from loadtests.measurement import Measurement
from loadtests.plan import Plan
from loadtests.rules import Errors, Latency, Scoped, Service, Statuses
from loadtests.summary import ALL, latencies, select, services


class Hopes:
    """Of the hard limits of one run."""

    def __init__(self, criteria: Sequence[Criterion], plan: Plan) -> None:
        self._watched = [
            (criterion, rule, _due(plan, rule))
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


def _due(plan: Plan, rule: Scoped) -> int:
    planned = Counter((endpoint.name, arrival.phase) for arrival, endpoint in plan.requests())
    return sum(
        count
        for (name, phase), count in planned.items()
        if rule.endpoint in (ALL, name) and rule.phase in (ALL, phase)
    )
