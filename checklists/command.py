"""`launchkit check`: verifies one phase of a launch checklist against a target."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from checklists.built_in import checklist_of
from checklists.clients import Clients
from checklists.decision import decide, strictly, word
from checklists.execution import Executor
from checklists.keeping import Keeper
from checklists.loader import load_checklist
from checklists.model import Checklist, Outcome, Phase, PhaseName
from checklists.observing import observe
from checklists.processes import Processes
from checklists.runner import run_phase
from checklists.settling import Settling
from checklists.signing import default_signoffs
from checklists.signoffs import SignOff, read_signoffs, signed_bytes
from checklists.waivers import Waiver, beside, load_waivers
from harness.documents import suggestion
from harness.errors import UsageError
from harness.evidence import Source
from harness.exit_codes import ExitCode
from harness.journal import read_about, subject_of
from harness.judging import Judging, OpenRun, Stage, open_run


def check(
    phase: PhaseName = PhaseName.PRE_LAUNCH,
    /,
    *,
    file: Path | None = None,
    only: str | None = None,
    waivers: Path | None = None,
    signoffs: Path | None = None,
    strict: Annotated[bool, Parameter(negative=())] = False,
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
        Verify this item alone, whatever it needs; the slug of its title.
    waivers
        The waivers; default: `waivers.yaml` beside the checklist, where there is one.
    signoffs
        What people have signed; default: `signoffs.jsonl` among the runs.
    strict
        Exit with 4 where it passes with open items.
    """
    judging = judging or Judging()
    checklist = load_checklist(file or checklist_of(phase))
    chosen = _only(_phase(checklist, phase), only)
    signed = signoffs or default_signoffs()
    decided = _Decided(_waivers(waivers or beside(checklist.path), checklist), read_signoffs(signed), signed)
    with open_run(judging, command="check", parts=(Source.CHECKLIST,), stage=Stage.POPULATED) as run:
        outcomes = _run(chosen, checklist, run, decided)
        code = decide(outcomes, rehearsal=read_about(run.folder).rehearsal)
        return run.conclude(strictly(code, outcomes) if strict else code, word(code, outcomes))


def _phase(checklist: Checklist, name: PhaseName) -> Phase:
    found = next((phase for phase in checklist.phases if phase.name is name), None)
    if found is None:
        names = ", ".join(phase.name for phase in checklist.phases)
        raise UsageError(f"{checklist.path} has no phase {name}", hint=f"it has {names}")
    return found


def _only(phase: Phase, slug: str | None) -> Phase:
    if slug is None:
        return phase
    full = slug if "/" in slug else f"{phase.name}/{slug}"
    items = tuple(item for item in phase.items if item.id == full)
    if not items:
        names = [item.id.partition("/")[2] for item in phase.items]
        raise UsageError(f"there is no item {slug!r}", hint=suggestion(slug, names))
    return replace(phase, items=items)


@dataclass(frozen=True, slots=True)
class _Decided:
    """What people decided before the check."""

    waivers: dict[str, Waiver]
    signoffs: tuple[SignOff, ...]
    signed: Path  # where those are from


def _waivers(path: Path | None, checklist: Checklist) -> dict[str, Waiver]:
    return {} if path is None else load_waivers(path, checklist)


def _run(phase: Phase, checklist: Checklist, run: OpenRun, decided: _Decided) -> tuple[Outcome, ...]:
    keeper, outcomes = Keeper(run.folder, run.target), []
    processes = Processes()
    executor = Executor(
        target=run.target,
        folder=checklist.folder,
        run_folder=run.folder,
        clients=Clients.of(run.target),
        processes=processes,
    )
    settling = Settling(executor, decided.waivers, decided.signoffs, subject_of(run.target))
    signatures = _signatures(decided, keeper)
    try:
        with run.progress.phase(f"{phase.name} checklist"):
            for outcome in map(settling.settled, run_phase(phase, settling)):
                run.journal.observe(observe(outcome, checklist, keeper, signatures))
                run.progress.line(_told(outcome))
                outcomes.append(outcome)
    finally:
        processes.end_all()
    return tuple(outcomes)


def _signatures(decided: _Decided, keeper: Keeper) -> dict[str, str]:
    """A copy of all that was signed, as it was read: `verify` finds what is missing of it later."""
    if not decided.signoffs:
        return {}
    kept = keeper.exactly(signed_bytes(decided.signoffs), "jsonl")
    return {"path": str(decided.signed), **asdict(kept)}


def _told(outcome: Outcome) -> str:
    message = f": {outcome.message}" if outcome.message else ""
    return f"{outcome.status!s:9} {outcome.item.title}{message}"
