"""One run of the suite in a process of its own, with a journal of its own."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from harness.children.errors import StartError
from harness.children.processes import Processes
from harness.contract.fault_matrix import Verdict
from harness.contract.levels import Level
from harness.errors import CouldNotDecideError
from harness.evidence import Source
from harness.journal import About, Journal, follow, subject_of
from harness.results import machine
from harness.target import read_target

SUITE_SECONDS = 900.0
_SELECTION = {"PYTEST_PLUGINS": "harness.contract.fault_selection"}


def judge_apart(
    processes: Processes,
    profile: Path,
    folder: Path,
    *,
    seed: int,
    levels: Sequence[Level],
    whole: bool,
    fail_fast: bool,
) -> Verdict:
    """What the suite says on these levels; `folder` keeps the journal and the suite's own words.

    `whole`: with the tests that must outlast a rate-limit window. Raises CouldNotDecideError.
    """
    about = About(
        run=folder.name,
        command="contract",
        environment="existing",
        rehearsal=False,
        subject=subject_of(read_target(profile)),
        parts=(Source.CONTRACT,),
        seed=seed,
        version="",
        machine=machine(),
    )
    Journal.create(folder, about)
    argv = ["-m", "harness", "contract", "--target", str(profile.absolute()), "--run", str(folder)]
    argv += ["--seed", str(seed), *[f"--level={level}" for level in levels]]
    argv += ["--fail-fast"] if fail_fast else []
    began = datetime.now(UTC)
    process = processes.start(
        f"the suite on {folder.name}",
        [sys.executable, *argv],
        log=folder / "suite.log",
        folder=folder,
        extra={} if whole else _SELECTION,
    )
    try:
        code = process.wait(SUITE_SECONDS)
    except StartError as error:
        process.stop(seconds=5.0)
        raise CouldNotDecideError(str(error)) from None
    return Verdict(code, tuple(follow(folder)), began)
