"""The embedded environment, whole: it yields a target that the rest can use, and leaves only logs."""

import json
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from harness.dashboard_result import read_dashboard
from harness.environment import Environment, EnvironmentKind, open_environment
from harness.errors import TargetUnreachableError, UsageError
from harness.exit_codes import ExitCode
from harness.settings import Settings
from harness.target import Target, read_target
from harness.tests.waiting import eventually, runs

EMPTY = {"version": 1, "vendors": [], "telemetry": [], "paymentIntents": [], "disputes": []}


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def bare(run_folder: Path) -> Iterator[Environment]:
    with open_environment(EnvironmentKind.EMBEDDED, run_folder, Settings(), rate_limit=77) as environment:
        yield environment
    left = {path.name for path in run_folder.iterdir()}
    assert left == {"logs", "target.yaml"}


def test_the_target_is_ready_on_loopback_and_says_what_it_can(bare: Environment) -> None:
    target = bare.target
    assert target.on_loopback
    assert httpx.get(target.base_url + "/health/ready").status_code == 200
    assert httpx.get(target.base_url + "/v1/marketplace/vendors").headers["X-RateLimit-Limit"] == "77"
    assert target.rate_limit.requests == 77
    assert len(target.capabilities) == 6
    assert [httpx.get(url).status_code for url in target.metrics_urls] == [200]
    assert all(log.is_file() for log in target.logs)
    assert [_pid(target, number) > 0 for number in range(len(target.processes))] == [True]
    assert len(psutil.Process(_pid(target, 0)).children(recursive=True)) >= 2


def test_secrets_are_in_files_of_ours_alone(bare: Environment, run_folder: Path) -> None:
    assert stat.S_IMODE(bare.target.path.stat().st_mode) == 0o600
    assert stat.S_IMODE((run_folder / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((run_folder / "data" / "settings.env").stat().st_mode) == 0o600
    (secret,) = bare.target.secrets
    for process in psutil.Process().children(recursive=True):
        assert not any(secret in argument for argument in process.cmdline())
    for log in (run_folder / "logs").iterdir():
        assert secret not in log.read_text(errors="replace")


def test_its_commands_work_from_any_folder(bare: Environment, tmp_path: Path) -> None:
    file = tmp_path / "empty.json"
    file.write_text(json.dumps(EMPTY))
    target = bare.target
    assert target.fixtures
    assert target.fixtures.load
    assert target.workers
    assert target.workers.aggregate_metrics
    for argv in (target.fixtures.load.filled(file=str(file)), target.workers.aggregate_metrics.filled()):
        done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == [file]


def test_its_console_is_in_the_profile_where_it_is_built(bare: Environment) -> None:
    bare.begin_console(build=False)
    problem = bare.finish_console(seconds=30, tell=lambda _: None)
    page = httpx.get(bare.target.base_url + "/marketplace")
    assert page.status_code == (503 if problem else 200)
    assert bare.target.console_url == (None if problem else str(page.url))
    assert "missing or stale" in problem or not problem


def test_two_environments_at_once_do_not_meet(bare: Environment, tmp_path: Path) -> None:
    with open_environment(EnvironmentKind.EMBEDDED, tmp_path, Settings()) as other:
        assert other.target.base_url != bare.target.base_url
        assert other.target.database_url != bare.target.database_url
        assert httpx.get(other.target.base_url + "/health/ready").status_code == 200
    assert httpx.get(bare.target.base_url + "/health/ready").status_code == 200


def test_a_populated_stack_has_vendors_workers_and_their_metrics(tmp_path: Path) -> None:
    with open_environment(EnvironmentKind.EMBEDDED, tmp_path, Settings()) as environment:
        before = environment.target
        environment.populate(vendors=30, seed=7)
        environment.start_workers()
        after = environment.target
        assert httpx.get(after.base_url + "/v1/marketplace/vendors").json()["total"] > 0
        assert len(after.metrics_urls) == len(before.metrics_urls) + 1
        assert httpx.get(after.metrics_urls[-1]).status_code == 200
        assert after == read_target(after.path)
        assert psutil.pid_exists(_pid(after, 1))
        environment.require_alive()
        _sees_what_is_watched(environment, tmp_path)
        family = psutil.Process().children(recursive=True)
        family = [member for member in family if str(tmp_path) in " ".join(member.cmdline())]
    assert len(family) > 4
    assert not any(runs(member) for member in family)


def _sees_what_is_watched(environment: Environment, folder: Path) -> None:
    problem = environment.start_monitoring()
    if shutil.which("prometheus") is None:
        assert "prometheus is not installed" in problem.lower()
        assert environment.record_dashboard() == "nothing was watched"
        assert environment.target.prometheus_url is None
        return
    assert problem == ""
    url = environment.target.prometheus_url

    def up() -> Any:
        asked = httpx.get(f"{url}/api/v1/query", params={"query": "sum(up)"})
        return asked.json()["data"]["result"]

    eventually(lambda: [found["value"][1] for found in up()] == ["2"], up, seconds=30)
    assert environment.record_dashboard() == ""
    recorded = read_dashboard(folder)
    assert recorded is not None
    assert len(recorded.panels) > 10
    assert "Worker status" in {panel.title for panel in recorded.panels if panel.series}


def test_an_existing_target_is_taken_as_it_is(bare: Environment, tmp_path: Path) -> None:
    profile = tmp_path / "target.yaml"
    profile.write_text(f"name: mine\nbase_url: {bare.target.base_url}\n")
    folder = tmp_path / "run"
    with open_environment(EnvironmentKind.EMBEDDED, folder, Settings(), profile=profile) as environment:
        environment.populate(vendors=10, seed=1)
        environment.start_workers()
        environment.require_alive()
        assert environment.target == read_target(profile)
    assert not folder.exists()
    assert httpx.get(bare.target.base_url + "/health/ready").status_code == 200


def test_a_target_that_never_answers_could_not_be_judged(tmp_path: Path) -> None:
    profile = tmp_path / "target.yaml"
    profile.write_text(
        "name: gone\nbase_url: http://127.0.0.1:1\nheaders: {X: '${LAUNCHKIT_TEST_UNSET:-}'}\n"
    )
    profile.write_text("name: gone\nbase_url: http://127.0.0.1:1\n")
    with (
        pytest.raises(TargetUnreachableError, match=r"127\.0\.0\.1:1 never answered .*refused") as caught,
        open_environment(EnvironmentKind.EXISTING, tmp_path, Settings(), profile=profile),
    ):
        pass
    assert caught.value.exit_code == ExitCode.UNDECIDED


def test_existing_without_a_profile_is_a_wrong_call(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="--target"),
        open_environment(EnvironmentKind.EXISTING, tmp_path, Settings()),
    ):
        pass


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with (
        pytest.raises(UsageError, match="cannot be used"),
        open_environment(EnvironmentKind.EMBEDDED, in_the_way, Settings()),
    ):
        pass
    assert list(tmp_path.iterdir()) == [in_the_way]


def _pid(target: Target, number: int) -> int:
    pidfile = target.processes[number].pidfile
    assert pidfile
    return int(pidfile.read_text())
