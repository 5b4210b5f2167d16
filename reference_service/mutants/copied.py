"""A copy of the package with a mutant in it, for processes that are to be the mutant."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from reference_service.mutants.applied import applied
from reference_service.mutants.mutant import PACKAGE, Mutant

INSIDE = "REFERENCE_MUTANT_ROOT"  # in the environment of a process that is the mutant already
_NOT_RUN = shutil.ignore_patterns("tests", "node_modules", "__pycache__", "sdk", "ops", "src")


@contextmanager
def copied(mutant: Mutant, changed: str) -> Iterator[Mapping[str, str]]:
    """The environment of processes whose package has this text in the mutant's file, while the copy is there.

    They run as `python -P`: the current folder, which may hold the package too, comes not before the copy.
    """
    with tempfile.TemporaryDirectory(prefix="reference-mutant-") as root:
        shutil.copytree(PACKAGE, Path(root) / PACKAGE.name, ignore=_NOT_RUN)
        (Path(root) / PACKAGE.name / mutant.file).write_text(changed, "utf-8")
        yield {**os.environ, "PYTHONPATH": root, INSIDE: root}


def loads(mutant: Mutant) -> bool:
    """Whether Python can import the module at all; one that it cannot says nothing of a suite."""
    changed = applied(mutant)
    return changed is not None and (mutant.file.endswith(".sql") or importable(mutant, changed))


def importable(mutant: Mutant, changed: str) -> bool:
    module = ".".join((PACKAGE.name, *Path(mutant.file).with_suffix("").parts))
    with copied(mutant, changed) as environment:
        argv = [sys.executable, "-P", "-c", f"import {module}"]
        return subprocess.run(argv, env=environment, capture_output=True, check=False).returncode == 0
