"""`launchkit check`: verifies one phase of a launch checklist against a target."""

import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from checklists.built_in import checklist_of
from checklists.choosing import choose_items, choose_phase
from checklists.continuity import Plan
from checklists.decision import decide, strictly, word
from checklists.loader import load_checklist
from checklists.model import Checklist, Outcome, Phase, PhaseName
from checklists.ordering import stops
from checklists.planning import plan_of
from checklists.round import Decided, LastRead, Round
from checklists.runbook import Asking, Before, ask_terminal, read_before, rollback_lines
from checklists.signing import default_signoffs
from checklists.units import parse_duration
from checklists.waivers import beside
from checklists.watching import WatchClock, WatchLog, check_watchable, find_watch, watch
from harness.errors import LaunchkitError, UsageError
from harness.evidence import Source
from harness.exit_codes import ExitCode
from harness.journal import FILE_NAME as JOURNAL
from harness.journal import Phase as Step
from harness.journal import Plan as Asked
from harness.journal import read_about, subject_of
from harness.judging import Judging, OpenRun, Stage, open_run
from harness.runs import RunFolder
from harness.settings import read_settings
from harness.target import read_target


def check(
    phase: PhaseName = PhaseName.PRE_LAUNCH,
    /,
    *,
    file: Path | None = None,
    only: Annotated[list[str] | None, Parameter(negative=())] = None,
    waivers: Path | None = None,
    signoffs: Path | None = None,
    strict: Annotated[bool, Parameter(negative=())] = False,
    yes: Annotated[bool, Parameter(negative=())] = False,
    resume: Path | None = None,
    watched: Annotated[bool, Parameter(name="--watch", negative=())] = False,
    duration: Annotated[str, Parameter(name="--for")] = "24h",
    every: str = "5m",
    judging: Judging | None = None,
) -> ExitCode:
    """Verify the items of one phase of a launch checklist.

    Parameters
    ----------
    phase
        pre-launch, launch-day or post-launch.
    file
        The checklist; default: the marketplace's own.
    only
        Verify this item alone, whatever it needs; the slug of its title (repeatable).
    waivers
        The waivers; default: `waivers.yaml` beside the checklist, where there is one.
    signoffs
        What people have signed; default: `signoffs.jsonl` among the runs.
    strict
        Exit with 4 where it passes with open items.
    yes
        Do what changes production without asking.
    resume
        Go on after a launch day that stopped: what that run has changed or held is not done again.
    watched
        Ask again and again; started anew, it goes on where it was cut off.
    duration
        How long to watch.
    every
        How often to ask while watching.
    """
    judging = judging or Judging()
    checklist = load_checklist(file or checklist_of(phase))
    whole = choose_phase(checklist, phase)
    chosen, plans = choose_items(whole, tuple(only or ())), (plan_of(whole, checklist),)
    decided = Decided(checklist, waivers or beside(checklist.path), signoffs or default_signoffs())
    resumed = _resumed(resume, chosen)
    decided.read()  # a mistake in them is told before anything is asked
    if watched:
        return _watch(chosen, checklist, plans, decided, _plan(duration, every), judging, strict=strict)
    with _opened(judging, plans) as run:
        before = read_before(resumed, run.target) if resumed else Before()
        with Round(run, checklist, decided, before) as asked:
            outcomes = _run(chosen, run, asked, before, yes=yes)
        stopped = next(filter(stops, outcomes), None) if chosen.ordered else None
        if stopped is not None:
            _tell_stop(checklist, stopped, outcomes, run)
        return _conclude(run, outcomes, stopped=stopped is not None, strict=strict)


def _opened(judging: Judging, plans: tuple[Asked, ...]) -> AbstractContextManager[OpenRun]:
    return open_run(judging, command="check", parts=(Source.CHECKLIST,), stage=Stage.POPULATED, plans=plans)


def _resumed(run: Path | None, phase: Phase) -> Path | None:
    """The folder of the run that is gone on with. Raises UsageError."""
    if run is None:
        return None
    if not phase.ordered:
        raise UsageError(f"{phase.name} is asked anew each time", hint="--resume is for the launch day")
    named = read_settings().runs_dir / run
    folder = run if (run / JOURNAL).is_file() else named
    if not (folder / JOURNAL).is_file():
        raise UsageError(f"{run} is not a run", hint="give its folder, or its name under the runs")
    return folder


def _run(phase: Phase, run: OpenRun, asked: Round, before: Before, *, yes: bool) -> tuple[Outcome, ...]:
    permit = Asking(run.target, run.folder, before, yes, ask_terminal, run.progress.line)
    # A spinner would write over the question.
    shown = nullcontext() if phase.ordered else run.progress.phase(f"{phase.name} checklist")
    with shown:
        outcomes = []
        for outcome in asked.outcomes(phase, permit=permit):
            asked.keep(outcome)
            run.progress.line(_told(outcome))
            outcomes.append(outcome)
    return tuple(outcomes)


def _conclude(
    run: OpenRun, outcomes: tuple[Outcome, ...], *, strict: bool, stopped: bool = False
) -> ExitCode:
    code = decide(outcomes, rehearsal=read_about(run.folder).rehearsal)
    if stopped and code is ExitCode.PASS:
        code = ExitCode.UNDECIDED
    return run.conclude(strictly(code, outcomes) if strict else code, word(code, outcomes))


def _told(outcome: Outcome) -> str:
    message = f": {outcome.message}" if outcome.message else ""
    return f"{outcome.status!s:9} {outcome.item.title}{message}"


def _tell_stop(checklist: Checklist, stopped: Outcome, outcomes: tuple[Outcome, ...], run: OpenRun) -> None:
    run.progress.line("")
    for line in rollback_lines(checklist, stopped, outcomes):
        run.progress.line(line)
    run.progress.line("")
    run.progress.line(f"Once it is mended, go on with the same call and --resume {run.folder.name}")


def _plan(duration: str, every: str) -> Plan:
    try:
        plan = Plan(parse_duration(duration), parse_duration(every))
    except ValueError as error:
        raise UsageError(str(error), hint="for instance --for 24h --every 5m") from None
    if not 0 < plan.every <= plan.seconds:
        raise UsageError(f"--every {every} does not fit into --for {duration}", hint="ask more often")
    return plan


def _watch(
    phase: Phase,
    checklist: Checklist,
    plans: tuple[Asked, ...],
    decided: Decided,
    plan: Plan,
    judging: Judging,
    *,
    strict: bool,
) -> ExitCode:
    check_watchable(phase)
    if judging.target is None or judging.run is not None:
        with _opened(judging, plans) as run:
            return _watched(run, phase, checklist, decided, plan, strict=strict)
    subject = subject_of(read_target(judging.target))
    cut_off = find_watch(read_settings().runs_dir, phase, checklist, subject)
    with ExitStack() as stack:
        if cut_off is not None:
            stack.enter_context(RunFolder.reopen(cut_off))
        going_on = replace(judging, run=cut_off)
        run = stack.enter_context(_opened(going_on, plans))
        if cut_off is not None:
            run.journal.resume("the watch was started again")
            run.progress.line(f"going on with the watch of run {run.folder.name}")
        try:
            code = _watched(run, phase, checklist, decided, plan, strict=strict)
        except (KeyboardInterrupt, LaunchkitError):
            run.concluded = True  # its journal stays open, so that the same call goes on with it
            run.progress.line(f"cut off; go on with: {_call()}")
            raise
        if cut_off is not None:
            seconds = round(time.time() - _started(run), 2)
            own = Step(name="check", seconds=seconds, exit_code=int(code))
            run.journal.finish(outcome="complete", seconds=seconds, phases=(own,))
        return code


def _watched(
    run: OpenRun, phase: Phase, checklist: Checklist, decided: Decided, plan: Plan, *, strict: bool
) -> ExitCode:
    log, clock = WatchLog(run.folder), WatchClock()
    if not log.head():
        log.begin(phase, checklist, clock.now())

    lasting = LastRead(decided, run.progress.line)

    def once() -> tuple[Outcome, ...]:
        with Round(run, checklist, lasting, Before()) as asked:
            return tuple(asked.outcomes(phase))

    outcomes = watch(once, log, plan, tell=run.progress.line, clock=clock)
    with Round(run, checklist, lasting, Before()) as asked:
        for outcome in outcomes:
            asked.keep(outcome)
    run.progress.line("\n".join(_trends(outcomes)))
    return _conclude(run, outcomes, strict=strict)


def _trends(outcomes: tuple[Outcome, ...]) -> Iterator[str]:
    yield "What all rounds came to:"
    yield from map(_told, outcomes)


def _started(run: OpenRun) -> float:
    return float(str(WatchLog(run.folder).head()["started"]))


def _call() -> str:
    return shlex.join(["launchkit", *sys.argv[1:]])
