"""A build that goes well, that does not, and that takes too long."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.children.processes import Process, Processes
from harness.environment.console import ConsoleBuild


@pytest.fixture
def build(child_processes: Processes, tmp_path: Path) -> Callable[[str], tuple[ConsoleBuild, Process]]:
    def begin(program: str) -> tuple[ConsoleBuild, Process]:
        process = child_processes.start("build", [sys.executable, "-c", program], log=tmp_path / "build.log")
        return ConsoleBuild(process), process

    return begin


def test_nothing_stands_in_the_way_of_a_build_that_went_well(
    build: Callable[[str], tuple[ConsoleBuild, Process]],
) -> None:
    begun, _ = build("print('building the console …')")
    assert begun.problem(seconds=30, tell=lambda _: None) == ""


def test_what_a_build_said_last_is_why_there_is_none(
    build: Callable[[str], tuple[ConsoleBuild, Process]],
) -> None:
    begun, _ = build("import sys; print('installing …', flush=True); sys.exit('no registry')")
    assert begun.problem(seconds=30, tell=lambda _: None) == "no registry"


def test_a_build_that_takes_too_long_is_stopped(
    build: Callable[[str], tuple[ConsoleBuild, Process]],
) -> None:
    begun, process = build("import time; time.sleep(600)")
    assert "not built within 0.5 s" in begun.problem(seconds=0.5, tell=lambda _: None)
    assert process.exit_code() is not None
