"""`launchkit contract`: judge any implementation of the wire contract."""

import os
import sys
from contextlib import redirect_stdout
from typing import Annotated

import pytest
from cyclopts import Parameter
from cyclopts.validators import Number

from harness.contract.levels import FOLDER, Level, choose
from harness.contract.seeds import judge_seeds
from harness.evidence import Source
from harness.exit_codes import ExitCode
from harness.judging import Judging, OpenRun, Stage, open_run
from harness.target import read_target

_WORDS = {
    ExitCode.PASS: "the contract is kept",
    ExitCode.FAIL: "the contract is broken",
    ExitCode.UNDECIDED: "not decided",
    ExitCode.USAGE: "not run",
}


def contract(
    judging: Judging | None = None,
    *,
    level: Annotated[list[Level] | None, Parameter(help="only this level (repeatable)", negative=())] = None,
    fail_fast: Annotated[bool, Parameter(help="stop at the first failure", negative=())] = False,
    seeds: Annotated[
        int | None,
        Parameter(
            help="judge so many times, each time with another seed; what must outlast a rate-limit window "
            "draws nothing and is asked the first time only",
            validator=Number(gte=1, lte=1000),
        ),
    ] = None,
) -> ExitCode:
    """Judge a target by the wire contract, on every level that its profile makes possible."""
    judging = judging or Judging()
    levels = [str(name) for name in level or ()]
    if judging.target is not None:
        choose(read_target(judging.target), levels)  # a wrong level is told before anything starts
    if seeds is not None:
        return judge_seeds(judging, levels, seeds, fail_fast=fail_fast)
    with open_run(judging, command="contract", parts=(Source.CONTRACT,), stage=Stage.BARE) as run:
        with run.progress.phase("contract"):
            code = judge(run, levels, fail_fast=fail_fast)
            if code is ExitCode.INTERRUPTED:
                raise KeyboardInterrupt
        return run.conclude(code, _WORDS.get(code, "not decided"))


def judge(run: OpenRun, levels: list[str], *, fail_fast: bool) -> ExitCode:
    """Run the suite in this process; pytest's own words go to stderr, its findings into the journal."""
    arguments = [
        f"--target={run.target.path}",
        f"--run={run.folder}",
        f"--seed={run.seed}",
        *[f"--level={level}" for level in levels],
        *(["--maxfail=1"] if fail_fast else []),
        # Nobody's configuration, plugins or options may change the verdict.
        f"--config-file={os.devnull}",
        f"--rootdir={FOLDER}",
        f"--confcutdir={FOLDER}",
        "--import-mode=importlib",
        "--strict-markers",
        "--quiet",
        "--no-header",
        "--tb=no",
        "-rN",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
    ]
    os.environ.pop("PYTEST_ADDOPTS", None)
    with redirect_stdout(sys.stderr):
        code = int(pytest.main(arguments))
    return ExitCode(code) if code in {int(known) for known in ExitCode} else ExitCode.UNDECIDED
