"""The suite accepts an implementation that is right, and like the reference in nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.contract.levels import FOLDER
from harness.tests.second_target.process import second_target

# What outlasts a rate-limit window takes a minute; the trial itself is tested in a time of its own.
OUTLASTING = ("no_window_holds", "full_window_refuses", "served_again_at_the_reset", "left_the_window")


@pytest.mark.parametrize("levels", [("live", "seeded"), ("operations", "workers")], ids="+".join)
def test_the_second_target_passes(tmp_path: Path, levels: tuple[str, ...]) -> None:
    with second_target(tmp_path) as profile:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"),
                *(f"--config-file={os.devnull}", f"--rootdir={FOLDER}", f"--confcutdir={FOLDER}"),
                *(f"--target={profile}", "--seed=1", "-k", "not " + " and not ".join(OUTLASTING)),
                *(f"--level={level}" for level in levels),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout
