"""The options that our files add to locust's command line, and what they mean."""

import argparse
import secrets
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError
from harness.target import Permission, Target, read_target
from loadtests.arrivals import ArrivalKind
from loadtests.criteria import FILE, Criterion, read_criteria
from loadtests.identities import MOST_CONNECTIONS, Identities, choose_identities
from loadtests.plan import Plan, make_plan
from loadtests.scenarios import SCENARIOS, scenario_named


@dataclass(frozen=True, slots=True)
class Job:
    """All that a generator has to know."""

    target: Target
    plan: Plan
    criteria: tuple[Criterion, ...]
    identities: Identities
    offset: int
    out: Path | None
    connections: int = MOST_CONNECTIONS
    ticks: bool = False


def add_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("launchkit")
    group.add_argument("--target", metavar="FILE", help="the target's profile")
    group.add_argument("--scenario", metavar="NAME", help=", ".join(SCENARIOS))
    group.add_argument("--rate", type=float, metavar="N", help="highest rate in requests/s")
    group.add_argument("--duration", type=float, metavar="SECONDS", help="length of the whole run")
    group.add_argument("--rehearsal", action="store_true", help="the same rates, seconds instead of minutes")
    group.add_argument("--arrivals", default="constant", help="constant or poisson")
    group.add_argument("--seed", type=int, default=0, help="of the arrivals")
    group.add_argument("--criteria", default=str(FILE), metavar="FILE", help="the limits")
    group.add_argument("--out", metavar="FILE", help="where to write the result as JSON")
    group.add_argument("--connections", type=int, default=MOST_CONNECTIONS, metavar="N", help="at most")
    group.add_argument("--metrics-port", type=int, default=0, metavar="PORT", help="of the run's /metrics")
    group.add_argument("--ticks", action="store_true", help=argparse.SUPPRESS)
    group.add_argument("--offset", type=int, help=argparse.SUPPRESS)
    group.add_argument("--die-with", type=int, metavar="PID", help=argparse.SUPPRESS)


def read_job(options: argparse.Namespace) -> Job:
    """Raises LaunchkitError for anything that is wrong, before a single request is sent."""
    if options.num_users is not None or options.spawn_rate is not None:
        raise UsageError(
            "-u and -r have no meaning here: arrivals are open, not made by users",
            hint="use --rate and --duration",
        )
    if options.run_time:
        raise UsageError("-t has no meaning here", hint="use --duration")
    if not options.target or not options.scenario:
        raise UsageError(
            "--target FILE and --scenario NAME are needed", hint=f"known: {', '.join(SCENARIOS)}"
        )
    target = read_target(Path(options.target))
    return make_job(
        target,
        options.scenario,
        criteria=Path(options.criteria),
        rehearsal=options.rehearsal,
        rate=options.rate,
        duration=options.duration,
        arrivals=options.arrivals,
        seed=options.seed,
        offset=options.offset,
        out=Path(options.out) if options.out else None,
        connections=options.connections,
        ticks=options.ticks,
    )


def make_job(
    target: Target,
    scenario: str,
    *,
    criteria: Path = FILE,
    rehearsal: bool = False,
    rate: float | None = None,
    duration: float | None = None,
    arrivals: str = ArrivalKind.CONSTANT,
    seed: int = 0,
    offset: int | None = None,
    out: Path | None = None,
    connections: int = MOST_CONNECTIONS,
    ticks: bool = False,
) -> Job:
    """`offset` chooses the client addresses: each run takes others, or it would meet another's rate limit."""
    chosen = scenario_named(scenario)
    if arrivals not in list(ArrivalKind):
        raise UsageError(f"--arrivals {arrivals!r} is not known", hint="constant or poisson")
    target.require(Permission.LOAD_TEST)
    limits = criteria_for(scenario, criteria)
    plan = make_plan(
        chosen,
        rehearsal=rehearsal,
        rate=rate,
        duration=duration,
        own_limits=limits != criteria_for(scenario, FILE),
        kind=ArrivalKind(arrivals),
        seed=seed,
    )
    if not 1 <= connections <= 100_000:
        raise UsageError(f"--connections {connections} makes no sense", hint="from 1 to 100000")
    offset = secrets.randbelow(2**31) if offset is None else offset
    identities = choose_identities(target, plan.stages, offset=offset)
    return Job(target, plan, limits, identities, offset, out, connections, ticks)


def criteria_for(scenario: str, path: Path) -> tuple[Criterion, ...]:
    """Raises UsageError where the scenario is not known or has no limits, DocumentError for a wrong file."""
    scenario_named(scenario)
    found = read_criteria(path).get(scenario)
    if not found:
        raise UsageError(f"{path} has no criteria for {scenario}", hint="nothing could be decided")
    return found
