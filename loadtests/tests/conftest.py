"""A target of known behaviour, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias
from urllib.request import urlopen

import pytest

from harness.target import Target, read_target

StartServer: TypeAlias = Callable[..., str]
MakeProfile: TypeAlias = Callable[..., Path]


@pytest.fixture
def start_server() -> Iterator[StartServer]:
    """Starts a server with the behaviour given as options; returns its base URL."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(_running(options))


@pytest.fixture
def make_profile(tmp_path: Path) -> MakeProfile:
    """Writes a profile: base_url, then lines of YAML."""

    def make(base_url: str, *lines: str) -> Path:
        path = tmp_path / "target.yaml"
        path.write_text("\n".join([f"base_url: {base_url}", "name: test", *lines]) + "\n")
        return path

    return make


@pytest.fixture
def target_of(make_profile: MakeProfile) -> Callable[..., Target]:
    return lambda base_url, *lines: read_target(make_profile(base_url, *lines))


def statistics(base_url: str) -> dict[str, dict[str, int]]:
    """What the server counted: requests by client address."""
    with urlopen(f"{base_url}/stats", timeout=5) as answer:  # noqa: S310  # our own server
        found: dict[str, dict[str, int]] = json.load(answer)
    return found


@contextmanager
def _running(options: tuple[str, ...]) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "loadtests.tests.server", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()
