"""The target's processes, watched from outside."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.load_result import ProcessSample
from harness.target import ProcessRef
from loadtests.sampling import Sampler, out_of_memory_kills

# A parent with one child; a line on its input ends the child, and says so; another has it bear a new one.
FAMILY = """
import subprocess, sys
def bear():
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
child = bear()
print("up", flush=True)
for line in sys.stdin:
    if child is None:
        child = bear()
        print("up", flush=True)
    else:
        child.kill(); child.wait()
        child = None
        print("alone", flush=True)
"""


@pytest.fixture
def family() -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", FAMILY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert _line(process) == "up"
        yield process
    finally:
        process.kill()
        process.communicate()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _told(process: "subprocess.Popen[str]") -> str:
    print(file=process.stdin, flush=True)
    return _line(process)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        os.sched_yield()


def _sampled(sampler: Sampler) -> ProcessSample:
    sample = sampler.sample()
    assert sample is not None
    return sample


def test_a_process_and_its_child_are_sampled_together(family: "subprocess.Popen[str]") -> None:
    sampler = Sampler([ProcessRef(pid=family.pid)], time.monotonic())
    _until(lambda: _sampled(sampler).processes == 2)
    sample = _sampled(sampler)
    assert sample.rss > 5_000_000
    assert sample.threads >= 2
    assert sample.fds >= 6
    assert sample.restarts == 0


def test_a_child_that_ends_is_counted(family: "subprocess.Popen[str]") -> None:
    sampler = Sampler([ProcessRef(pid=family.pid)], time.monotonic())
    assert _sampled(sampler).processes == 2
    assert _told(family) == "alone"
    after = _sampled(sampler)
    assert (after.processes, after.restarts) == (1, 1)


def test_a_child_that_was_born_meanwhile_is_watched_too(family: "subprocess.Popen[str]") -> None:
    assert _told(family) == "alone"
    sampler = Sampler([ProcessRef(pid=family.pid)], time.monotonic())
    assert (_sampled(sampler).processes, _sampled(sampler).restarts) == (1, 0)
    for ended in (1, 2):
        assert _told(family) == "up"
        assert _sampled(sampler).processes == 2
        assert _told(family) == "alone"
        assert (_sampled(sampler).processes, _sampled(sampler).restarts) == (1, ended)


def test_a_zombie_has_ended(family: "subprocess.Popen[str]") -> None:
    sampler = Sampler([ProcessRef(pid=family.pid)], time.monotonic())
    assert _sampled(sampler).restarts == 0
    family.kill()  # and nobody waits for it yet
    _until(lambda: _sampled(sampler).restarts == 2 or _sampled(sampler).processes == 0)
    assert _sampled(sampler).restarts >= 1


def test_a_pid_file_is_read_anew(family: "subprocess.Popen[str]", tmp_path: Path) -> None:
    file = tmp_path / "api.pid"
    sampler = Sampler([ProcessRef(pidfile=file)], time.monotonic())
    assert sampler.sample() is None
    file.write_text("nonsense")
    assert sampler.sample() is None
    file.write_text(f"{family.pid}\n")
    assert _sampled(sampler).processes == 2


def test_no_processes_give_no_samples() -> None:
    assert Sampler([], time.monotonic()).sample() is None


def test_the_kernel_says_how_many_it_killed() -> None:
    kills = out_of_memory_kills()
    assert kills is None or kills >= 0
