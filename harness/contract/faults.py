"""`launchkit faults`: does the suite notice each known-bad variant of a target?"""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from harness.children.processes import Processes
from harness.contract.clauses import read_clauses
from harness.contract.fault_matrix import Outcome, exit_code, observation, unproved_clauses
from harness.contract.fault_pages import matrix, page, whole
from harness.contract.fault_trials import Trials
from harness.contract.levels import Level
from harness.contract.variants import Variant, declared, list_variants
from harness.errors import UsageError
from harness.evidence import Source
from harness.exit_codes import ExitCode
from harness.judging import Judging, OpenRun, Stage, open_run
from harness.results import write_text
from harness.target import Permission, read_target

OWN_JOBS = 4  # on two cores: much of a trial is waiting
PAGE = "faults.md"


def faults(
    judging: Judging | None = None,
    *,
    only: Annotated[list[str] | None, Parameter(help="only this variant (repeatable)", negative=())] = None,
    level: Annotated[list[Level] | None, Parameter(help="only this level (repeatable)", negative=())] = None,
    jobs: Annotated[
        int | None,
        Parameter(
            help="variants tried at once (of a target of yours: 1; more where each has data of its own)"
        ),
    ] = None,
    stop_early: Annotated[
        bool, Parameter(help="leave a variant at the first test that fails on it", negative=())
    ] = False,
    out: Annotated[
        Path | None, Parameter(help="also write the matrix to this file, as Markdown, and beside it as JSON")
    ] = None,
) -> ExitCode:
    """Start each known-bad variant that the target's profile declares and see whether the suite fails it."""
    judging = judging or Judging()
    if out is not None and out.suffix == ".json":
        raise UsageError(f"--out {out} is for Markdown", hint=f"the JSON goes beside it: --out {out.stem}.md")
    if judging.target is not None:
        declared(read_target(judging.target))
    needs = (Permission.LOAD_DATA, Permission.WORKERS)
    with open_run(judging, command="faults", parts=(Source.CONTRACT,), stage=Stage.BARE, needs=needs) as run:
        variants = list_variants(run.target, only or (), level or ())
        found = _try_all(run, variants, jobs or (1 if judging.target else OWN_JOBS), stop_early=stop_early)
        order = {variant.name: place for place, variant in enumerate(variants)}
        found.sort(key=lambda one: order[one.variant.name])
        print(matrix(found, thorough=not stop_early), file=sys.stderr if judging.json else sys.stdout)
        for path in (run.folder / PAGE, *([out] if out else [])):
            write_text(path, page(found, thorough=not stop_early))
            write_text(path.with_suffix(".json"), whole(found))
        all_tried = not (only or level or stop_early)
        unproved = unproved_clauses(found, read_clauses()) if all_tried else ()
        return run.conclude(code := exit_code(found, unproved), _words(code, unproved))


def _words(code: ExitCode, unproved: tuple[str, ...]) -> str:
    match code:
        case ExitCode.PASS:
            return "every fault was noticed, or is explained"
        case ExitCode.FAIL if unproved:
            return f"a fault survived, or is not noticed by the tests of its clause: {', '.join(unproved)}"
        case ExitCode.FAIL:
            return "a fault survived, or one was noticed that is explained as a survivor"
    return "not decided"


def _try_all(run: OpenRun, variants: tuple[Variant, ...], jobs: int, *, stop_early: bool) -> list[Outcome]:
    levels = sorted({variant.level for variant in variants}, key=list(Level).index)
    found: list[Outcome] = []
    with Processes() as processes:
        trials = Trials(run, processes, stop_early)
        with run.progress.phase("the target without a fault"):
            healthy = trials.healthy(levels)
        with run.progress.phase(f"{len(variants)} variants, {jobs} at a time"):
            for outcome in trials.all(variants, levels, healthy, jobs=jobs):
                found.append(outcome)
                run.journal.observe(observation(outcome))
                run.progress.line(f"{len(found)}/{len(variants)} {outcome.variant.name}: {outcome.sentence}")
    return found
