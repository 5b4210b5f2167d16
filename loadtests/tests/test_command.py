"""`launchkit load` and plain `locust`, each in full: in processes of their own, against a known server."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from harness.cli import run
from harness.evidence import Status
from harness.exit_codes import ExitCode
from harness.journal import Record, read_journal
from harness.load_result import LoadResult, LoadVerdict, Mode, load_results, read_load_result
from harness.tests.waiting import eventually
from harness.tests.waiting import runs as is_running
from loadtests.tests.conftest import MakeProfile, StartServer, closed_port

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parents[2]
LOCUST = [sys.executable, "-P", "-m", "locust", "-f", str(ROOT / "loadtests" / "locustfile.py")]


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runs"
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(folder))
    return folder


def _load(*arguments: object) -> ExitCode:
    return run(["load", *map(str, arguments)])


def _load_validly(runs: Path, *arguments: object) -> tuple[ExitCode, Record, LoadResult]:
    """On a machine that is busy with other things a run may be invalid, and say so: then once more."""
    for _ in range(3):
        code = _load(*arguments)
        folder = max(runs.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        (result,) = load_results(folder)
        if result.verdict is not LoadVerdict.INVALID:
            break
    return code, read_journal(folder), result


def _locust(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*LOCUST, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=_untraced(),
        timeout=60,
        check=False,
    )


def _untraced() -> dict[str, str]:
    """Our environment without coverage: its tracer makes a master and its workers miss messages."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


def test_a_healthy_target_passes(start_server: StartServer, make_profile: MakeProfile, runs: Path) -> None:
    profile = make_profile(start_server("--only-search"))
    code, record, result = _load_validly(runs, "search", "--target", profile, "--duration", 2, "--seed", 5)
    assert code is ExitCode.PASS
    assert (result.verdict, result.mode, result.seed) == (LoadVerdict.PASS, Mode.CUSTOM, 5)
    assert {entry.id for entry in record.entries} == {
        "search/p95",
        "search/errors",
        "search/no-5xx",
        "search/recorded",
    }
    assert {entry.status for entry in record.entries} == {Status.REHEARSED}
    assert record.entries[0].requirements[0] == "LOAD-01"


@pytest.mark.parametrize(
    ("option", "failing"),
    [
        (("--latency", "0.25"), {"search/p95"}),
        (("--die-at", "120"), {"search/errors", "search/survives"}),
    ],
)
def test_a_sick_target_fails(
    start_server: StartServer,
    make_profile: MakeProfile,
    runs: Path,
    option: tuple[str, ...],
    failing: set[str],
) -> None:
    profile = make_profile(start_server(*option))
    code, record, result = _load_validly(runs, "search", "--target", profile, "--duration", 3)
    assert code is ExitCode.FAIL
    assert result.verdict is LoadVerdict.FAIL
    assert {entry.id for entry in record.entries if entry.status is Status.FAIL} == failing
    assert result.timeline[0].served > 0


def test_the_lines_of_a_rehearsal_say_so(
    start_server: StartServer, make_profile: MakeProfile, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = make_profile(start_server())
    _load("featured", "--target", profile, "--rehearsal", "--duration", 3)
    told = [line for line in capsys.readouterr().err.splitlines() if "featured" in line]
    assert any("requests/s" in line for line in told)
    assert all("featured (rehearsal)" in line for line in told), told


def test_json_and_junit_tell_the_same(
    start_server: StartServer,
    make_profile: MakeProfile,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    profile, junit = make_profile(start_server()), tmp_path / "junit.xml"
    options = ("--target", profile, "--duration", 1, "--json", "--junit", junit)
    assert _load("featured", *options) is ExitCode.PASS
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"].startswith("PASS")
    assert [o["id"] for o in document["observations"]] == [
        "featured/p95",
        "featured/errors",
        "featured/recorded",
    ]
    assert "featured/p95" in junit.read_text()


def test_nothing_answers(make_profile: MakeProfile, capsys: pytest.CaptureFixture[str]) -> None:
    profile = make_profile(f"http://127.0.0.1:{closed_port()}")
    assert _load("search", "--target", profile) is ExitCode.UNDECIDED
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("launchkit: http://127.0.0.1:")


def test_the_endpoint_is_not_there(
    start_server: StartServer, make_profile: MakeProfile, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = make_profile(start_server("--only-search"))
    assert _load("featured", "--target", profile) is ExitCode.UNDECIDED
    assert "/v1/marketplace/vendors/featured answers 404" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "lines", "code", "message"),
    [
        (["serach"], [], ExitCode.USAGE, "did you mean 'search'?"),
        (["search", "--rate", "0"], [], ExitCode.USAGE, "--rate 0 makes no sense"),
        (["search", "--duration", "nan"], [], ExitCode.USAGE, "--duration nan makes no sense"),
        (["search", "--criteria", "none.yaml"], [], ExitCode.USAGE, "none.yaml:1:1: cannot be read"),
        (["search"], ["client_identity: single"], ExitCode.UNDECIDED, "client_identity is single"),
        (["search"], ["client_identitty: single"], ExitCode.USAGE, "did you mean 'client_identity'?"),
    ],
)
def test_bad_input_is_one_line(
    start_server: StartServer,
    make_profile: MakeProfile,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    lines: list[str],
    code: ExitCode,
    message: str,
) -> None:
    assert _load(*arguments, "--target", make_profile(start_server(), *lines)) is code
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("launchkit: ")
    assert message in last


def test_users_and_spawn_rate_are_refused(make_profile: MakeProfile, tmp_path: Path) -> None:
    arguments = ["--target", str(make_profile("http://127.0.0.1:1")), "--scenario", "search", "-u", "5"]
    done = _locust(tmp_path, "--headless", *arguments)
    assert done.returncode == ExitCode.USAGE
    assert "use --rate and --duration" in done.stderr


def test_locust_alone_gives_the_same_verdict(
    start_server: StartServer, make_profile: MakeProfile, tmp_path: Path
) -> None:
    out = tmp_path / "result.json"
    arguments = ["--target", str(make_profile(start_server("--latency", "0.25"))), "--scenario", "search"]
    done = _locust(tmp_path, "--headless", "--only-summary", *arguments, "--duration", "2", "--out", str(out))
    assert done.returncode == ExitCode.FAIL
    assert "search (custom): FAIL: p95" in done.stdout
    assert read_load_result(out).verdict is LoadVerdict.FAIL


@contextmanager
def _two_workers(folder: Path) -> Iterator[tuple[list[str], list["subprocess.Popen[bytes]"]]]:
    """Workers, and what the command line of their master begins with."""
    port = str(closed_port())
    near = ["--master-host", "127.0.0.1", "--master-port", port]
    workers = [
        subprocess.Popen([*LOCUST, "--worker", *near], cwd=folder, env=_untraced(), stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    try:
        master = ["--master", "--master-bind-host", "127.0.0.1", "--master-bind-port", port]
        yield [*master, "--headless", "--only-summary", "--expect-workers", "2"], workers
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def test_a_master_and_two_workers_have_the_percentiles_of_their_pooled_requests(
    start_server: StartServer, make_profile: MakeProfile, tmp_path: Path
) -> None:
    """Of 200 requests 180 take 5 ms, 18 take 400 ms and 2 take 1.5 s: one lost or doubled would be seen."""
    out = tmp_path / "result.json"
    profile = make_profile(start_server("--latencies", "5:0.9,400:0.09,1500:0.01"))
    arguments = ["--target", str(profile), "--scenario", "search", "--duration", "2"]
    with _two_workers(tmp_path) as (master, _):
        done = _locust(tmp_path, *master, *arguments, "--out", str(out))
        assert done.returncode == ExitCode.FAIL, done.stderr
    result = read_load_result(out)
    whole = result.group()
    assert whole is not None
    assert (whole.asked, whole.count, result.generator.workers) == (200, 200, 2)
    latency = whole.latency
    assert latency is not None
    assert 5 <= latency.p50 <= latency.p90 < 400 <= latency.p95 <= latency.p99 < 1500 <= latency.p999


@pytest.mark.parametrize("killed", [1, 2])
def test_a_lost_worker_ends_the_run_and_says_nothing_of_the_target(
    start_server: StartServer, make_profile: MakeProfile, tmp_path: Path, killed: int
) -> None:
    out = tmp_path / "result.json"
    arguments = ["--target", str(make_profile(start_server())), "--scenario", "search", "--duration", "120"]
    with (
        _two_workers(tmp_path) as (master, workers),
        subprocess.Popen(
            [*LOCUST, *master, *arguments, "--out", str(out)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=_untraced(),
        ) as leader,
    ):
        assert leader.stdout is not None
        for line in leader.stdout:
            if "requests/s" in line:
                break
        for worker in workers[:killed]:
            worker.kill()
        said = leader.communicate(timeout=60)[0]
        assert leader.returncode == ExitCode.UNDECIDED
    result = read_load_result(out)
    assert result.verdict is LoadVerdict.INVALID
    assert re.search(r"lost its worker \w", result.partial)
    assert "INVALID: the generator lost its worker" in said
    assert result.seconds < 60
    assert result.timeline[0].served > 0


def test_a_rate_that_the_machine_cannot_make_ends_the_run_in_one_line(
    start_server: StartServer, make_profile: MakeProfile, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = make_profile(start_server(), "rate_limit: {requests: 100000000, per_seconds: 60}")
    load = ("search", "--target", profile, "--rate", 50_000, "--duration", 6)
    assert _load(*load) is ExitCode.UNDECIDED
    (result,) = load_results(next(runs.iterdir()))
    assert result.verdict is LoadVerdict.INVALID
    assert result.partial.startswith("the generator cannot make 50000 requests/s")
    assert 0 < result.lateness.starts < 300_000
    assert len([line for line in capsys.readouterr().err.splitlines() if "cannot make" in line]) == 1


def test_a_generator_that_is_stopped_now_and_then_is_invalid(
    start_server: StartServer, make_profile: MakeProfile, tmp_path: Path
) -> None:
    """Without a processor for 300 ms, its own lateness is no latency of the target's."""
    out = tmp_path / "result.json"
    arguments = ["--target", str(make_profile(start_server())), "--scenario", "search", "--duration", "6"]
    process = subprocess.Popen(
        [*LOCUST, "--headless", "--only-summary", *arguments, "--out", str(out)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    process.stdout.readline()  # its first line comes when it has begun
    _starve(process.pid)
    process.communicate(timeout=30)
    assert process.returncode == ExitCode.UNDECIDED
    result = read_load_result(out)
    assert result.verdict is LoadVerdict.INVALID
    assert {criterion.status for criterion in result.criteria} == {Status.INVALID}


def _starve(pid: int) -> None:
    """Stop a process, and let another that waits 300 ms have it go on."""
    script = "import os,signal,sys,time; p=int(sys.argv[1]); os.kill(p,19); time.sleep(0.3); os.kill(p,18)"
    subprocess.run([sys.executable, "-c", script, str(pid)], check=True)


def test_a_run_that_is_interrupted_leaves_its_part_and_no_process(
    start_server: StartServer, make_profile: MakeProfile, runs: Path
) -> None:
    arguments = ["load", "search", "--target", str(make_profile(start_server())), "--duration", "60"]
    process = subprocess.Popen(
        [sys.executable, "-m", "harness", *arguments], stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "requests/s" in line:
            break
    generators = psutil.Process(process.pid).children()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert generators
    gone = psutil.wait_procs(generators, timeout=5)[0]
    assert len(gone) == len(generators)
    (folder,) = runs.iterdir()
    (result,) = load_results(folder)
    assert result.partial.startswith("stopped after")
    assert result.timeline[0].served > 0


def test_the_generator_dies_with_the_one_who_started_it(
    start_server: StartServer, make_profile: MakeProfile
) -> None:
    arguments = ["load", "search", "--target", str(make_profile(start_server())), "--duration", "60"]
    process = subprocess.Popen(
        [sys.executable, "-m", "harness", *arguments], stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "requests/s" in line:
            break
    generators = psutil.Process(process.pid).children()
    process.kill()
    process.communicate()
    assert generators
    # One that nobody reaps, where the machine's init does not, is gone all the same.
    eventually(lambda: not any(is_running(member) for member in generators), lambda: generators, seconds=10)
