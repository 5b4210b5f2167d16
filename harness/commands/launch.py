"""`launchkit launch`: the whole chain, from an environment to a verdict and its report."""

import secrets
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, TypeVar

import psutil
from cyclopts import Parameter
from cyclopts.validators import Number

from harness.children.processes import Processes
from harness.commands.launch_parts import (
    ChecklistFiles,
    OptionalPart,
    checklist_step,
    console_part,
    contract_step,
    dashboard_part,
    load_step,
    monitoring_part,
)
from harness.commands.steps import Step, run_step
from harness.environment import Environment, EnvironmentKind, open_environment
from harness.errors import LaunchkitError, UsageError
from harness.evidence import Observation, Source, Status
from harness.exit_codes import ExitCode
from harness.journal import About, Journal, Phase, Plan, subject_of
from harness.judging import interruptible
from harness.progress import Progress
from harness.results import machine, write_text
from harness.runs import RunFolder
from harness.settings import Settings, read_settings
from harness.target import Permission, Target, read_target
from reports.command import summary
from reports.verdict import Verdict
from reports.write import HTML, JSON, write_reports

_T = TypeVar("_T")

SCENARIOS = ("search", "featured", "mix", "spike", "soak")
PARTS = (Source.CONTRACT, Source.LOAD, Source.CHECKLIST)
_AGGREGATE_SECONDS = (
    15.0  # a rehearsal is too short for the service's own, and the dashboard is to show a round
)
_OWN_PHASES = ("start", "populate", "workers")


def launch(
    *,
    environment: EnvironmentKind = EnvironmentKind.EMBEDDED,
    target: Path | None = None,
    release: Annotated[bool, Parameter(negative=())] = False,
    vendors: Annotated[int, Parameter(validator=Number(gte=1, lte=1_000_000))] = 2000,
    seed: int | None = None,
    run_id: str | None = None,
    strict: Annotated[bool, Parameter(negative=())] = False,
    json: Annotated[bool, Parameter(negative=())] = False,
    junit: Path | None = None,
    file: Path | None = None,
    waivers: Path | None = None,
    signoffs: Path | None = None,
) -> ExitCode:
    """Judge the contract, rehearse the load, run the pre-launch checklist, decide, and write the report.

    Parameters
    ----------
    environment
        Where the target comes from; --target means an existing one.
    target
        The profile of a target that runs already.
    release
        Judge a release for real: full load, and GO or NO-GO. Needs --target.
    vendors
        The size of the realistic catalogue of an embedded launch.
    seed
        Repeat the draws of an earlier run.
    run_id
        Name the run's folder; one that exists is not touched. Default: the time and some random digits.
    strict
        Exit with 4 where conditions or open items remain.
    json
        Print the verdict document on stdout, and nothing else there.
    junit
        Also write JUnit XML to this file.
    file
        The checklist; default: the marketplace's own.
    waivers
        The waivers; default: `waivers.yaml` beside the checklist, where there is one.
    signoffs
        What people have signed; default: `signoffs.jsonl` among the runs.
    """
    if release and target is None:
        raise UsageError("--release judges a real target", hint="add --target FILE")
    if target is not None:
        environment = EnvironmentKind.EXISTING
        _require_permissions(read_target(target))  # told before a run folder is made
    files = ChecklistFiles(file, waivers, signoffs)
    plan = files.plan()
    settings = read_settings()
    seed = secrets.randbelow(2**32) if seed is None else seed
    order = _Order(environment, target, release, vendors, seed, files, plan)
    with RunFolder.create(settings.runs_dir, keep=settings.keep_runs, run_id=run_id) as folder:
        run = _Launch(order, folder, settings)
        run.carry_out()
        verdict = write_reports(folder.path)
        if junit is not None:
            write_text(junit, (folder.path / "junit.xml").read_text(encoding="utf-8"))
        _tell(verdict, folder.path, json=json)
        return run.stopped_by or verdict.exit_code_under(strict=strict)


def _tell(verdict: Verdict, folder: Path, *, json: bool) -> None:
    if json:
        sys.stdout.write((folder / JSON).read_text(encoding="utf-8"))
        return
    print(summary(verdict))
    print(f"report: {folder / HTML}")


def _require_permissions(target: Target) -> None:
    target.require(Permission.LOAD_TEST)
    if target.fixtures is not None:
        target.require(Permission.LOAD_DATA)
    if target.workers is not None:
        target.require(Permission.WORKERS)


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for."""

    environment: EnvironmentKind
    profile: Path | None
    release: bool
    vendors: int
    seed: int
    files: ChecklistFiles
    plan: Plan


class _Launch:
    """The phases in their order, and the journal that they are written to."""

    def __init__(self, order: _Order, folder: RunFolder, settings: Settings) -> None:
        self.stopped_by: ExitCode | None = None  # Ctrl-C, or a wrong call that only the environment could see
        self._order, self._folder, self._settings = order, folder, settings
        self._progress = Progress()
        self._phases: list[Phase] = []
        self._journal: Journal | None = None

    def carry_out(self) -> None:
        """Run every phase; whatever happens, the journal gets its footer."""
        self._progress.line(f"run {self._folder.id}, seed {self._order.seed}")
        try:
            with interruptible(), ExitStack() as stack:
                self._judge(stack)
        except KeyboardInterrupt:
            self.stopped_by = ExitCode.INTERRUPTED
            self._progress.line("interrupted: reporting what there is")
        except LaunchkitError as error:
            self.stopped_by = ExitCode.USAGE if error.exit_code is ExitCode.USAGE else None
            self._progress.line(f"cannot go on: {error}")
        journal = self._journal or self._start_journal(None)
        for phase in self._phases:
            if phase.exit_code != ExitCode.PASS and phase.name in _OWN_PHASES:
                journal.observe(_could_not(phase))
        journal.finish(
            outcome="interrupted" if self.stopped_by is ExitCode.INTERRUPTED else "complete",
            seconds=_seconds_since_start(),
            phases=tuple(self._phases),
        )

    def _judge(self, stack: ExitStack) -> None:
        order = self._order
        processes = stack.enter_context(Processes())
        environment = self._timed("start", lambda: stack.enter_context(self._environment()))
        self._journal = self._start_journal(environment.target)
        if order.profile is None:
            # beside the contract: it takes a while
            environment.begin_console(build=self._settings.build_console)
        self._step(contract_step(environment.target, order.seed), processes)
        if order.profile is None:
            self._optional(console_part(environment), self._journal)
            self._timed("populate", lambda: environment.populate(vendors=order.vendors, seed=order.seed))
            self._timed("workers", lambda: environment.start_workers(aggregate_seconds=_AGGREGATE_SECONDS))
            self._optional(monitoring_part(environment), self._journal)
        for scenario in SCENARIOS:
            self._step(load_step(environment.target, scenario, order.seed, in_full=order.release), processes)
        if order.profile is None and environment.target.prometheus_url:
            self._optional(dashboard_part(environment), self._journal)
        self._step(checklist_step(environment.target, order.seed, order.files), processes)

    def _optional(self, part: OptionalPart, journal: Journal) -> None:
        """A phase that a launch can be judged without: what stands in its way is an open item."""
        started = time.monotonic()
        with self._progress.phase(part.name) as running:
            if problem := part.work(running.tell):
                running.undecided()
                running.tell(problem)
                journal.observe(part.missing(problem))
        seconds = round(time.monotonic() - started, 2)
        self._phases.append(Phase(name=part.name, seconds=seconds, exit_code=ExitCode.PASS, message=problem))

    def _environment(self) -> AbstractContextManager[Environment]:
        return open_environment(
            self._order.environment, self._folder.path, self._settings, profile=self._order.profile
        )

    def _start_journal(self, target: Target | None) -> Journal:
        about = About(
            run=self._folder.id,
            command="launch",
            environment=self._order.environment,
            rehearsal=not self._order.release,
            subject=None if target is None else subject_of(target),
            parts=PARTS,
            seed=self._order.seed,
            version=version("launchkit"),
            machine=machine(),
            plans=(self._order.plan,),
        )
        return Journal.create(self._folder.path, about)

    def _timed(self, name: str, work: Callable[[], _T]) -> _T:
        """Do a phase of our own; an error ends the launch, and is kept as the phase's outcome."""
        with self._progress.phase(name):
            started = time.monotonic()
            code, message = ExitCode.PASS, ""
            try:
                return work()
            except LaunchkitError as error:
                code, message = error.exit_code, str(error)
                raise
            except KeyboardInterrupt:
                code, message = ExitCode.INTERRUPTED, "interrupted"
                raise
            finally:
                seconds = round(time.monotonic() - started, 2)
                self._phases.append(Phase(name=name, seconds=seconds, exit_code=code, message=message))

    def _step(self, step: Step, processes: Processes) -> None:
        with self._progress.phase(step.name) as running:
            phase = run_step(step, self._folder.path, processes, report=running.tell)
            if phase.exit_code == ExitCode.FAIL:
                running.failed()
            elif phase.exit_code != ExitCode.PASS:
                running.undecided()
        self._phases.append(phase)
        if phase.message:
            self._progress.line(f"  {phase.name}: {phase.message}")


def _could_not(phase: Phase) -> Observation:
    return Observation(
        source=Source.LAUNCH,
        id=f"phase/{phase.name}",
        status=Status.ERROR,
        expected=f"the phase {phase.name!r} ends well",
        observed=phase.message,
        message=phase.message,
    )


def _seconds_since_start() -> float:
    """Since the command was started, its imports included."""
    return round(time.time() - psutil.Process().create_time(), 2)
