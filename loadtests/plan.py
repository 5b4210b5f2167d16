"""What one run asks for: a scenario in full, in rehearsal, or at a rate and duration of the caller's."""

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from harness.errors import UsageError
from harness.load_result import Mode, Stage
from loadtests.arrivals import Arrival, ArrivalKind, arrivals, peak_of, total_seconds
from loadtests.scenarios.model import Endpoint, Scenario


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides which request is due when; the same on every machine that shares it."""

    scenario: Scenario
    stages: tuple[Stage, ...]
    mode: Mode
    kind: ArrivalKind
    seed: int

    @property
    def title(self) -> str:
        """The scenario's own, or what this run asks for where that is something else."""
        if self.stages == self.scenario.stages:
            return self.scenario.title
        most = "" if _steady(self.stages) else "up to "
        rate = f"{most}{peak_of(self.stages):g} requests/s"
        return f"{self.scenario.name.capitalize()}: {rate} for {self.seconds:g} s"

    @property
    def seconds(self) -> float:
        return total_seconds(self.stages)

    def arrivals(self) -> Iterator[Arrival]:
        return arrivals(self.stages, self.kind, self.seed)

    def requests(self, share: int = 0, of: int = 1) -> Iterator[tuple[Arrival, Endpoint]]:
        """Every `of`-th request, beginning with number `share`: what one of several generators sends."""
        source = random.Random(self.seed ^ 0x5EED)  # noqa: S311  # a choice of endpoints, not a secret
        endpoints, weights = self.scenario.endpoints, [e.weight for e in self.scenario.endpoints]
        choices = (source.choices(endpoints, weights)[0] for _ in itertools.count())
        return itertools.islice(zip(self.arrivals(), choices, strict=False), share, None, of)


def make_plan(
    scenario: Scenario,
    *,
    rehearsal: bool = False,
    rate: float | None = None,
    duration: float | None = None,
    own_limits: bool = False,
    kind: ArrivalKind = ArrivalKind.CONSTANT,
    seed: int = 0,
) -> Plan:
    """`rate` is the highest rate of the run in requests/s, `duration` its whole length in seconds.

    `own_limits`: they are not those that come with the toolkit. Raises UsageError for what makes no sense.
    """
    if rehearsal and rate is not None:
        raise UsageError("--rehearsal has the rates of the full run", hint="leave out --rehearsal or --rate")
    _check("rate", rate, most=100_000)
    _check("duration", duration, most=7 * 86_400)
    full_rate, full_seconds = peak_of(scenario.stages), total_seconds(scenario.stages)
    seconds = duration or (scenario.rehearsal_seconds if rehearsal else full_seconds)
    stages = tuple(
        _scaled(stage, (rate or full_rate) / full_rate, seconds / full_seconds) for stage in scenario.stages
    )
    whole = not own_limits and _covers(stages, scenario.stages)
    return Plan(
        scenario=scenario,
        stages=stages,
        mode=Mode.REHEARSAL if rehearsal else Mode.FULL if whole else Mode.CUSTOM,
        kind=kind,
        seed=seed,
    )


def _covers(stages: Sequence[Stage], required: Sequence[Stage]) -> bool:
    """Whether nothing less is asked for; with a changing rate, more of it would be another test."""
    if not _steady(required):
        return stages == required
    pairs = zip(stages, required, strict=True)
    return all(own.to_rate >= stage.to_rate and own.seconds >= stage.seconds for own, stage in pairs)


def _steady(stages: Sequence[Stage]) -> bool:
    return len({rate for stage in stages for rate in (stage.from_rate, stage.to_rate)}) == 1


def _scaled(stage: Stage, rates: float, time: float) -> Stage:
    return msgspec.structs.replace(
        stage,
        seconds=stage.seconds * time,
        from_rate=stage.from_rate * rates,
        to_rate=stage.to_rate * rates,
    )


def _check(name: str, value: float | None, *, most: float) -> None:
    if value is not None and not (math.isfinite(value) and 0 < value <= most):
        raise UsageError(
            f"--{name} {value:g} makes no sense", hint=f"give a number above 0, at most {most:g}"
        )
