"""The reference with its stack, and sick variants of it, each in processes of their own."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest
import yaml

from harness.environment.readiness import require_reachable
from harness.target import read_target
from loadtests.tests.conftest import make_profile, start_server, target_of

__all__ = ["make_profile", "start_server", "target_of"]  # fixtures of the tests, for the proofs too

StartSick: TypeAlias = Callable[[str, float], Path]
_START_SECONDS = 60.0


@pytest.fixture(scope="session")
def settings_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the served reference's settings are: sick variants share its database."""
    folder = tmp_path_factory.mktemp("stack")
    profile = folder / "target.yaml"
    command = [sys.executable, "-m", "harness", "serve", "--port", "0", "--vendors", "500", "--no-workers"]
    with _process([*command, "--profile-out", str(profile)], ""):
        argv = yaml.safe_load(profile.read_text(encoding="utf-8"))["variants"]["list"]
        yield argv[argv.index("--settings") + 1]


@pytest.fixture
def start_sick(settings_file: str) -> Iterator[StartSick]:
    """Serves a variant; returns its profile once it answers."""
    with ExitStack() as stack:
        yield lambda name, amount: stack.enter_context(_variant(settings_file, name, amount))


@pytest.fixture(scope="session")
def healthy(settings_file: str) -> Iterator[Path]:
    """The profile of a variant that has nothing."""
    with _variant(settings_file, "slow", 0.0) as profile:
        yield profile


@contextmanager
def _variant(settings_file: str, name: str, amount: float) -> Iterator[Path]:
    command = [sys.executable, "-m", "reference_service.faults.loaded", "--settings", settings_file]
    with _process([*command, name, str(amount)], "yaml") as said:
        profile = Path(said)
        # Asked for its health, none begins to be sick.
        require_reachable(read_target(profile), seconds=_START_SECONDS)
        yield profile


@contextmanager
def _process(command: list[str], said: str) -> Iterator[str]:
    """Until it has said a line with these words; stopped in the end."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=root,
        env={"LAUNCHKIT_START_TIMEOUT": "300", "LAUNCHKIT_BUILD_CONSOLE": "0", **os.environ},
    )
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if said in line), None)
        assert line is not None, f"{command} ended with exit code {process.wait()}"
        # The service logs there too: it would hang as soon as nobody reads.
        reading = threading.Thread(target=process.stdout.read, daemon=True)
        reading.start()
        yield line.strip()
    finally:
        process.terminate()
        process.wait(timeout=60)
