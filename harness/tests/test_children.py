"""Child processes end with us, whoever is killed, and however."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from harness.children.confinement import NOBODY, Identity
from harness.children.errors import StartError
from harness.children.processes import Processes
from harness.environment.postgres import embedded_postgres
from harness.tests.waiting import SOON, eventually, runs, runs_by_number

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
POLITE = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
print("up", flush=True)
time.sleep(600)
"""
DEAF = POLITE.replace("lambda *_: sys.exit(7)", "signal.SIG_IGN")


@dataclass(frozen=True)
class Launched:
    """A launcher with its children; `family` is every process below it."""

    process: "subprocess.Popen[str]"
    said: dict[str, Any]
    family: list[psutil.Process]

    def left(self) -> list[str]:
        """What is still there of it."""
        running = [str(member) for member in self.family if runs(member)]
        ports = [str(port) for port in self.said["ports"] if _listens(port)]
        data = [self.said["data"]] if Path(self.said["data"]).exists() else []
        numbers = {member.pid for member in self.family}
        shared = [line for line in _shared_memory() if int(line.split()[4]) in numbers]
        return running + ports + data + shared


@pytest.fixture
def launched(tmp_path: Path) -> Iterator[Launched]:
    process = subprocess.Popen(
        [sys.executable, "-m", "harness.tests.launcher", str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = json.loads(process.stdout.readline())
    family = psutil.Process(process.pid).children(recursive=True)
    yield Launched(process, said, family)
    process.kill()
    process.wait()
    process.stdout.close()
    for member in family:
        if runs(member):
            member.kill()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_launcher_is_ended(launched: Launched, number: int) -> None:
    assert len(launched.family) > 6  # guardian, runaway and its child, Valkey, PostgreSQL and its own
    assert launched.left()
    launched.process.send_signal(number)
    launched.process.wait(SOON)
    eventually(lambda: launched.left() == [], launched.left)


def test_nothing_runs_on_when_launcher_and_guardian_are_killed_together(launched: Launched) -> None:
    direct = [member for member in launched.family if member.ppid() != launched.said["runaway"]]
    os.kill(launched.process.pid, signal.SIGSTOP)  # so that neither can react to the other's death
    os.kill(launched.said["guardian"], signal.SIGKILL)
    os.kill(launched.process.pid, signal.SIGKILL)
    launched.process.wait(SOON)
    eventually(lambda: not any(runs(member) for member in direct), lambda: direct)


def test_the_death_of_the_guardian_is_told_and_takes_the_children(tmp_path: Path) -> None:
    with Processes() as processes:
        child = processes.start("sleeper", SLEEPER, log=tmp_path / "log")
        os.kill(processes.guardian_pid, signal.SIGKILL)
        eventually(lambda: not runs_by_number(child.pid), lambda: child.pid)
        with pytest.raises(StartError, match="guardian"):
            processes.start("another", SLEEPER, log=tmp_path / "log")


def test_leaving_the_context_ends_children_that_ignore_sigterm(tmp_path: Path) -> None:
    with Processes() as processes:
        child = processes.start("deaf", [sys.executable, "-c", DEAF], log=tmp_path / "log")
        eventually(lambda: "up" in (tmp_path / "log").read_text(), lambda: "not up")
        assert child.exit_code() is None
    assert not runs_by_number(child.pid)


def test_stop_asks_first_and_kills_then(tmp_path: Path) -> None:
    with Processes() as processes:
        children = [
            processes.start(name, [sys.executable, "-c", code], log=tmp_path / name)
            for name, code in (("polite", POLITE), ("deaf", DEAF))
        ]
        for child in children:
            eventually(lambda: "up" in child.log.read_text(), lambda: "not up")  # noqa: B023  called at once
            child.stop(seconds=0.3 if child.name == "deaf" else SOON)
        assert [child.exit_code() for child in children] == [7, -signal.SIGKILL]


def test_a_child_that_fails_is_quoted(tmp_path: Path) -> None:
    with Processes() as processes:
        child = processes.start(
            "grumbler",
            [sys.executable, "-c", "print('first', flush=True); raise SystemExit('no such luck')"],
            log=tmp_path / "log",
        )
        assert child.wait(SOON) == 1
        assert str(child.died()) == f"grumbler ended with exit code 1: no such luck; see {tmp_path / 'log'}"
        slow = processes.start("sleeper", SLEEPER, log=tmp_path / "log")
        with pytest.raises(StartError, match=r"sleeper did not end within 0\.05 s"):
            slow.wait(0.05)


def test_a_signal_to_a_child_that_is_gone_is_not_sent_to_whoever_has_its_number(tmp_path: Path) -> None:
    with Processes() as processes:
        child = processes.start("brief", [sys.executable, "-c", ""], log=tmp_path / "log")
        child.wait(SOON)
        processes.send_signal(child.pid, signal.SIGKILL)
        processes.send_signal(os.getpid(), signal.SIGKILL)  # not a child: refused too, or this test would end
        assert child.exit_code() == 0


def test_the_environment_is_replaced_only_where_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = [sys.executable, "-c", "import os; print(os.environ.get('LAUNCHKIT_SHOWN'))"]
    monkeypatch.setenv("LAUNCHKIT_SHOWN", "ours")
    with Processes() as processes:
        processes.start("inherits", show, log=tmp_path / "inherits").wait(SOON)
        processes.start("replaced", show, log=tmp_path / "replaced", environ={}).wait(SOON)
        processes.start("added", show, log=tmp_path / "added", extra={"LAUNCHKIT_SHOWN": "more"}).wait(SOON)
    assert (tmp_path / "inherits").read_text() == "ours\n"
    assert (tmp_path / "added").read_text() == "more\n"
    assert (tmp_path / "replaced").read_text() == "None\n"


def test_temporary_files_of_killed_children_are_removed(tmp_path: Path) -> None:
    litter = "import tempfile, time; print(tempfile.mkdtemp(), flush=True); time.sleep(600)"
    with Processes() as processes:
        child = processes.start("litterbug", [sys.executable, "-c", litter], log=tmp_path / "log")
        eventually(lambda: child.log.read_text().endswith("\n"), lambda: "nothing said")
        left = Path(child.log.read_text().strip())
        assert left.is_dir()
        assert left.parent.stat().st_mode & 0o777 == 0o700
    assert not left.parent.exists()


@pytest.mark.parametrize("identity", Identity)
def test_postgres_starts_as_each_identity_that_this_user_may_assume(
    identity: Identity, tmp_path: Path
) -> None:
    root = os.geteuid() == 0
    if (identity is Identity.NOBODY and not root) or (identity is Identity.SELF and root):
        pytest.skip("only root can become nobody, and PostgreSQL refuses to run as root")
    closed = tmp_path / "closed"  # as /root is: only its owner may enter
    closed.mkdir(mode=0o700)
    with Processes(identity) as processes:
        if not _can_be_assumed(processes, closed):
            pytest.skip(f"{identity} cannot be assumed here: a chroot or container forbids user namespaces")
        with embedded_postgres(processes, data=closed / "data", log=closed / "log") as server:
            owner = Path("/proc", str(server.process.pid)).stat().st_uid
    assert owner == (NOBODY if identity is Identity.NOBODY else os.geteuid())


def _can_be_assumed(processes: Processes, folder: Path) -> bool:
    probe = [sys.executable, "-c", ""]
    try:
        return processes.start("probe", probe, log=folder / "probe", confined=True).wait(SOON) == 0
    except StartError:
        return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _shared_memory() -> list[str]:
    return Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
