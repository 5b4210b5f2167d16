"""`launchkit serve`, as a person starts it: in a process of its own, ended in every way there is."""

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from harness.environment.ports import reserved_port
from harness.target import Target, read_target
from harness.tests.waiting import eventually, runs

SERVE = [sys.executable, "-m", "harness", "serve"]
START_SECONDS = 60.0


@contextmanager
def _serving(folder: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", Target]]:
    profile = folder / "profile.yaml"
    process = subprocess.Popen(
        [*SERVE, "--port", "0", "--profile-out", str(profile), *arguments],
        env={**os.environ, "LAUNCHKIT_RUNS_DIR": str(folder / "runs"), "LAUNCHKIT_BUILD_CONSOLE": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        eventually(
            lambda: profile.exists() or process.poll() is not None,
            lambda: "no profile",
            seconds=START_SECONDS,
        )
        assert process.poll() is None, process.communicate()[1]
        yield process, read_target(profile)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_stops_cleanly(tmp_path: Path, number: int) -> None:
    with _serving(tmp_path, "--rate-limit", "5000") as (process, target):
        answer = httpx.get(target.base_url + "/v1/marketplace/vendors")
        assert answer.headers["X-RateLimit-Limit"] == "5000"
        assert answer.json()["total"] == 0
        assert stat.S_IMODE(target.path.stat().st_mode) == 0o600
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        said, complaints = process.communicate(timeout=START_SECONDS)
    assert process.returncode == 130
    assert target.base_url in said
    assert str(target.path) in said
    assert complaints.splitlines()[-1] == "launchkit: interrupted"
    assert "Traceback" not in complaints
    assert not any(runs(member) for member in family)
    (run,) = (tmp_path / "runs").iterdir()
    assert {path.name for path in run.iterdir()} == {"lock", "logs", "target.yaml"}


def test_killing_it_leaves_no_process_and_no_port(tmp_path: Path) -> None:
    with _serving(tmp_path, "--vendors", "20") as (process, target):
        assert httpx.get(target.base_url + "/v1/marketplace/vendors").json()["total"] > 0
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        eventually(
            lambda: not any(runs(member) for member in family),
            lambda: [member for member in family if runs(member)],
        )
        with pytest.raises(httpx.ConnectError):
            httpx.get(target.base_url)
        (run,) = (tmp_path / "runs").iterdir()
        eventually(lambda: not (run / "data").exists(), lambda: list(run.iterdir()))


def test_its_data_can_be_replaced_and_its_workers_told_while_it_runs(tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    data.write_text('{"version": 1, "vendors": []}')
    with _serving(tmp_path, "--vendors", "20") as (_, target):
        assert target.fixtures
        assert target.workers
        load, check = target.fixtures.load, target.workers.check_health
        aggregate = target.workers.aggregate_metrics
        assert load
        assert check
        assert aggregate
        for command in (load.filled(file=str(data)), check.filled(), aggregate.filled()):
            done = subprocess.run(command, capture_output=True, text=True, timeout=START_SECONDS, check=False)
            assert (done.returncode, done.stderr) == (0, "")
        assert httpx.get(target.base_url + "/v1/marketplace/vendors").json()["total"] == 0


def test_an_occupied_port_is_one_line_and_starts_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _serve_in_vain(tmp_path, "--port", str(port))
    assert done.returncode == 2
    assert (
        done.stderr
        == f"launchkit: port {port} of 127.0.0.1 is occupied; choose another, or 0 for a free one\n"
    )
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_another_launch_has_just_reserved_is_occupied_too(tmp_path: Path) -> None:
    with reserved_port() as port:
        done = _serve_in_vain(tmp_path, "--port", str(port))
    assert done.returncode == 2
    assert f"port {port}" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--port", "70000"), "65535"),
        (("--vendors", "-1"), ">= 0"),
        (("--environment", "existing"), "somebody else"),
        (("--environment", "cloud"), "cloud"),
        (("--port", "0", "--profile-out", "{tmp}/file/profile.yaml"), "cannot be written"),
    ],
)
def test_a_wrong_call_is_one_line(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "file").touch()
    done = _serve_in_vain(tmp_path, *(one.format(tmp=tmp_path) for one in arguments))
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_runs_that_cannot_be_kept_anywhere_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "runs").touch()
    done = _serve_in_vain(tmp_path, "--port", "0")
    assert done.returncode == 2
    assert "LAUNCHKIT_RUNS_DIR" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def _serve_in_vain(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*SERVE, *arguments],
        env={**os.environ, "LAUNCHKIT_RUNS_DIR": str(folder / "runs"), "LAUNCHKIT_BUILD_CONSOLE": "0"},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
