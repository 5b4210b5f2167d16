"""What a scenario is: endpoints with weights, and the rates at which they are asked for."""

from dataclasses import dataclass
from urllib.parse import quote

from harness.load_result import Stage
from loadtests.content import Check

BASE = "/v1/marketplace"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One kind of request. A path may hold `{slug}`, filled from the target's own vendors."""

    name: str
    path: str
    check: Check
    weight: int = 1

    @property
    def needs_slugs(self) -> bool:
        return "{slug}" in self.path

    def path_for(self, slug: str) -> str:
        return self.path.format(slug=quote(slug, safe="")) if self.needs_slugs else self.path


@dataclass(frozen=True, slots=True)
class Scenario:
    """`stages` are the full run; a rehearsal has the same rates in `rehearsal_seconds`."""

    name: str
    title: str
    endpoints: tuple[Endpoint, ...]
    stages: tuple[Stage, ...]
    rehearsal_seconds: float

    @property
    def phases(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(stage.phase for stage in self.stages))

    def endpoint(self, name: str) -> Endpoint:
        return next(endpoint for endpoint in self.endpoints if endpoint.name == name)


def plateau(phase: str, rate: float, seconds: float) -> Stage:
    return Stage(phase=phase, seconds=seconds, from_rate=rate, to_rate=rate)


def ramp(phase: str, from_rate: float, to_rate: float, seconds: float) -> Stage:
    return Stage(phase=phase, seconds=seconds, from_rate=from_rate, to_rate=to_rate)
