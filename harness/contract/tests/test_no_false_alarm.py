"""The suite accepts an implementation that is right, and like the reference in nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.contract import levels
from harness.contract.levels import FOLDER, Level
from harness.target import Capability
from harness.tests.second_target.process import second_target

# What outlasts a rate-limit window takes as long; it is judged with a short one.
WITHOUT_WINDOW = ("-p", "harness.contract.fault_selection")
OF_OPERATIONS = [one for one in Capability if Level.OPERATIONS in levels.tested_in(one)]


@pytest.mark.parametrize(
    ("chosen", "seed"),
    [(("live", "seeded"), 1), (("operations", "workers"), 2)],  # other seeds: tox run -e no-false-alarms
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else str(value),
)
def test_the_second_target_passes(tmp_path: Path, chosen: tuple[str, ...], seed: int) -> None:
    with second_target(tmp_path) as profile:
        _must_pass(profile, *(f"--level={level}" for level in chosen), *WITHOUT_WINDOW, seed=seed)


def test_the_second_target_passes_for_a_whole_window(tmp_path: Path) -> None:
    with second_target(tmp_path, "--rate-window", "15", "--reset-rounded-down") as profile:
        _must_pass(profile, "--level=operations")


@pytest.mark.parametrize("capability", OF_OPERATIONS)
def test_the_second_target_passes_by_each_capability_alone(tmp_path: Path, capability: Capability) -> None:
    with second_target(tmp_path) as profile:
        declared = json.loads(profile.read_text("utf-8")) | {"capabilities": ["search", capability.value]}
        profile.write_text(json.dumps(declared), "utf-8")
        _must_pass(profile, "--level=operations", *WITHOUT_WINDOW)


def _must_pass(profile: Path, *arguments: str, seed: int = 1) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"),
            *(f"--config-file={os.devnull}", f"--rootdir={FOLDER}", f"--confcutdir={FOLDER}"),
            *(f"--target={profile}", f"--seed={seed}", *arguments),
        ],
        cwd=profile.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout
