"""Starting the second target from a test."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def second_target(folder: Path, *options: str) -> Iterator[Path]:
    """The profile of a target that runs on a free port until the context is left."""
    profile = folder / "second.yaml"
    command = [sys.executable, "-m", "harness.tests.second_target", "--die-with-parent", "--profile-out"]
    argv = [*command, str(profile), *options]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as server:
        try:
            lines = [server.stdout.readline() for _ in range(2)] if server.stdout else []
            if len(lines) != 2 or not lines[1]:
                raise RuntimeError("the second target did not start")
            yield profile
        finally:
            server.terminate()
            server.wait(10)
