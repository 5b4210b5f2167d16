"""`launchkit bench load`: the load kit against servers whose truth is known, beside other tools."""

import subprocess
import sys

import msgspec

from harness.errors import CouldNotDecideError
from harness.progress import Progress
from loadtests.bench.figures import LoadBench


def bench_load(*, seconds: float, progress: Progress) -> LoadBench:
    """In a process of its own. Raises CouldNotDecideError where it does not end well."""
    with progress.phase("load kit"):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "loadtests.bench", str(seconds)], stdout=subprocess.PIPE, check=False
        )
    if done.returncode:
        raise CouldNotDecideError(f"the bench of the load kit ended with exit code {done.returncode}")
    return msgspec.json.decode(done.stdout, type=LoadBench)
