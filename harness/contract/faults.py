"""`launchkit faults`: does the suite notice each known-bad variant of a target?"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from harness.children.processes import Processes
from harness.contract.fault_matrix import Outcome, exit_code, failures, matrix, observation, outcome
from harness.contract.levels import Level
from harness.contract.variants import Variant, declared, list_variants, serving
from harness.errors import CouldNotDecideError
from harness.evidence import Source
from harness.exit_codes import ExitCode
from harness.judging import Judging, OpenRun, Stage, open_run
from harness.results import Result
from harness.target import Permission, read_target

SUITE_SECONDS = 300.0
_WORDS = {ExitCode.PASS: "every fault was noticed", ExitCode.FAIL: "a fault survived"}


def faults(
    judging: Judging | None = None,
    *,
    only: Annotated[list[str] | None, Parameter(help="only this variant (repeatable)", negative=())] = None,
    thorough: Annotated[
        bool, Parameter(help="run every test, not only until the first that notices", negative=())
    ] = False,
) -> ExitCode:
    """Start each known-bad variant that the target's profile declares and see whether the suite fails it."""
    judging = judging or Judging()
    if judging.target is not None:
        declared(read_target(judging.target))
    needs = (Permission.LOAD_DATA, Permission.WORKERS)
    with open_run(judging, command="faults", parts=(Source.CONTRACT,), stage=Stage.BARE, needs=needs) as run:
        variants = list_variants(run.target, only or ())
        with run.progress.phase("the target without a fault"):
            _see_it_healthy(run, variants)
        found = _try_all(run, variants, fail_fast=not thorough)
        print(matrix(found), file=sys.stderr if judging.json else sys.stdout)
        code = exit_code(found)
        return run.conclude(code, _WORDS.get(code, "not decided"))


def _try_all(run: OpenRun, variants: tuple[Variant, ...], *, fail_fast: bool) -> list[Outcome]:
    found = []
    with Processes() as processes:
        for number, variant in enumerate(variants, 1):
            found.append(_try(run, variant, processes, fail_fast=fail_fast))
            run.journal.observe(observation(found[-1]))
            run.progress.line(f"{number}/{len(variants)} {variant.name}: {found[-1].sentence}")
    return found


def _try(run: OpenRun, variant: Variant, processes: Processes, *, fail_fast: bool) -> Outcome:
    started = time.monotonic()
    try:
        with serving(run.target, variant, processes, run.folder / f"variant-{variant.name}.log") as profile:
            result = _suite(profile, [variant.level], run, fail_fast=fail_fast)
    except CouldNotDecideError as error:
        return Outcome(variant, (), 0, time.monotonic() - started, run.target.redact(str(error)))
    return outcome(variant, result, time.monotonic() - started)


def _see_it_healthy(run: OpenRun, variants: tuple[Variant, ...]) -> None:
    """A test that fails without a fault proves nothing when it fails with one. Raises CouldNotDecideError."""
    levels = sorted({variant.level for variant in variants})
    result = _suite(run.target.path, levels, run, fail_fast=True)
    if result.exit_code != ExitCode.PASS:
        failed = failures(result)
        said = f"{failed[0]} fails" if failed else result.verdict
        raise CouldNotDecideError(
            f"the target is not healthy without a fault: {said}", hint="see `launchkit contract`"
        )


def _suite(profile: Path, levels: list[Level], run: OpenRun, *, fail_fast: bool) -> Result:
    """What the suite says on these levels, in a process of its own."""
    arguments = ["contract", "--target", str(profile), "--json", "--seed", str(run.seed)]
    arguments += [f"--level={level}" for level in levels] + (["--fail-fast"] if fail_fast else [])
    try:
        done = subprocess.run(
            [sys.executable, "-m", "harness", *arguments],
            capture_output=True,
            timeout=SUITE_SECONDS,
            check=False,
            # Its runs belong to this one: kept with it, and not at the cost of older runs.
            env=os.environ | {"LAUNCHKIT_RUNS_DIR": str(run.folder / "variants")},
        )
        return msgspec.json.decode(done.stdout, type=Result)
    except subprocess.TimeoutExpired:
        raise CouldNotDecideError(f"the suite took more than {SUITE_SECONDS:.0f} s") from None
    except msgspec.MsgspecError:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise CouldNotDecideError(f"the suite gave no result (exit {done.returncode}): {said[0]}") from None
