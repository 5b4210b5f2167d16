"""`launchkit load`: one scenario against a target, judged by its criteria."""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.console import Console

from harness.errors import LaunchkitError
from harness.evidence import Observation, Source, Status
from harness.exit_codes import ExitCode
from harness.judging import Judging, OpenRun, Stage, open_run
from harness.load_result import FOLDER, LoadResult, LoadVerdict, Mode, labelled
from harness.target import Permission
from loadtests.arrivals import ArrivalKind
from loadtests.baselines import Load
from loadtests.comparing import Comparator, Comparing, comparator_for
from loadtests.criteria import FILE, Criterion
from loadtests.generator import Order, Tell, write_companions
from loadtests.identities import MOST_CONNECTIONS
from loadtests.judgement import EXIT_CODES
from loadtests.live import LiveTable
from loadtests.options import criteria_for, make_job
from loadtests.plan import make_plan
from loadtests.scenarios import scenario_named


def load(
    scenario: str,
    *,
    judging: Judging | None = None,
    comparing: Comparing | None = None,
    rehearsal: Annotated[bool, Parameter(negative=())] = False,
    rate: float | None = None,
    duration: float | None = None,
    arrivals: ArrivalKind = ArrivalKind.CONSTANT,
    criteria: Path = FILE,
    connections: Annotated[int | None, Parameter(validator=Number(gte=1, lte=100_000))] = None,
    metrics_port: Annotated[int, Parameter(validator=Number(gte=0, lte=65535))] = 0,
) -> ExitCode:
    """Load a target at a rate that does not depend on its answers, and judge what it made of it.

    Parameters
    ----------
    scenario
        search, featured, spike, soak or mix.
    rehearsal
        The same rates for seconds instead of minutes; never satisfies a requirement.
    rate
        The highest rate, in requests/s.
    duration
        The length of the whole run, in seconds.
    arrivals
        Evenly spaced, or independent of each other.
    criteria
        Limits of your own, where not those that come with launchkit: they satisfy no requirement.
    connections
        At most so many at a time, of all client identities together; waiting for one is latency.
    metrics_port
        Where the run's own /metrics can be read while it goes on; any free port where none is given.
    """
    judging = judging or Judging()
    limits = criteria_for(scenario, criteria)
    plan = make_plan(scenario_named(scenario), rehearsal=rehearsal, rate=rate, duration=duration)
    load_ = Load(plan.stages, arrivals, MOST_CONNECTIONS if connections is None else connections)
    comparator = comparator_for(comparing or Comparing(), scenario, load_)
    needs = (Permission.LOAD_TEST,)
    with open_run(judging, command="load", parts=(Source.LOAD,), stage=Stage.POPULATED, needs=needs) as run:
        order = Order(
            scenario=scenario,
            profile=run.target.path,
            criteria=criteria,
            seed=run.seed,
            arrivals=arrivals,
            rehearsal=rehearsal,
            rate=rate,
            duration=duration,
            connections=connections,
            metrics_port=metrics_port,
        )
        return _carry_out(order, run, limits, comparator)


def _carry_out(order: Order, run: OpenRun, limits: tuple[Criterion, ...], comparator: Comparator) -> ExitCode:
    try:
        job = make_job(
            run.target,
            order.scenario,
            criteria=order.criteria,
            rehearsal=order.rehearsal,
            rate=order.rate,
            duration=order.duration,
        )
        with _telling(run, labelled(order.scenario, job.plan.mode)) as tell:
            result, extra = comparator.carry_out(order, run.folder, tell)
    except LaunchkitError as error:
        for criterion in limits:
            run.journal.observe(_not_measured(order.scenario, criterion, run.target.redact(error.message)))
        raise
    kept = write_companions(result, order, run.folder)
    for observation in (*observations(result), recorded(result, kept, run.folder), *extra):
        run.journal.observe(observation)
    label = "" if result.mode is Mode.FULL else f" ({result.mode})"
    compared = "".join(f"; {seen.observed}" + (f"; {seen.message}" if seen.message else "") for seen in extra)
    return run.conclude(_exit_code(result, extra), f"{result.verdict}{label}{compared}")


@contextmanager
def _telling(run: OpenRun, what: str) -> Iterator[Tell]:
    """A table that moves on a terminal, lines elsewhere."""
    if sys.stderr.isatty():
        with LiveTable(f"load {what}", Console(stderr=True)) as table:
            yield table.tell
        return
    with run.progress.phase(f"load {what}"):
        yield lambda said: run.progress.line(str(said))


def _exit_code(result: LoadResult, extra: Sequence[Observation]) -> ExitCode:
    """A failure beats what is open, whether a limit or a comparison tells of it."""
    statuses = {observation.status for observation in extra}
    own = EXIT_CODES[result.verdict]
    if own is ExitCode.FAIL or Status.FAIL in statuses:
        return ExitCode.FAIL
    return ExitCode.UNDECIDED if Status.UNDECIDED in statuses else own


def recorded(result: LoadResult, kept: Sequence[str], folder: Path) -> Observation:
    """That results are kept: a run that says nothing of the target has none.

    With the digest of the result a later run can trust the file.
    """
    file = f"{FOLDER}/{result.scenario}.json"
    digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    status = Status.PASS if result.mode is Mode.FULL else Status.REHEARSED
    if result.verdict is LoadVerdict.INVALID:
        status = Status.INVALID
    return Observation(
        source=Source.LOAD,
        id=f"{result.scenario}/recorded",
        status=status,
        requirements=("LOAD-05",),
        expected="kept: figures, timeline, how limits were kept, bottlenecks, a draft for each one missed",
        observed=", ".join(kept),
        message="the measurement is invalid" if status is Status.INVALID else "",
        evidence={"files": list(kept), "whole_result": {"file": file, "sha256": digest}},
    )


def observations(result: LoadResult) -> list[Observation]:
    """One for each criterion."""
    return [
        Observation(
            source=Source.LOAD,
            id=f"{result.scenario}/{outcome.id}",
            status=outcome.status,
            requirements=outcome.requirements,
            expected=outcome.expected,
            observed=outcome.observed,
            message=outcome.message,
            evidence={
                "result": f"load/{result.scenario}.json",
                "mode": str(result.mode),
                "verdict": str(result.verdict),
            },
        )
        for outcome in result.criteria
    ]


def _not_measured(scenario: str, criterion: Criterion, message: str) -> Observation:
    return Observation(
        source=Source.LOAD,
        id=f"{scenario}/{criterion.id}",
        status=Status.ERROR,
        requirements=criterion.requirements,
        expected=str(criterion.rule),
        observed="not measured",
        message=message,
    )
