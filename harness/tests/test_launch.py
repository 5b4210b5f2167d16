"""`launchkit launch`, as CI starts it: in a process of its own, judged by what it leaves."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from harness.dashboard_result import read_dashboard
from harness.environment.ports import reserved_port
from harness.evidence import Source
from harness.exit_codes import ExitCode
from harness.journal import read_journal
from harness.requirements import read_requirements
from harness.tests.waiting import eventually, runs

LAUNCH = [sys.executable, "-m", "harness", "launch"]
STEP_SECONDS = 60.0
LAUNCH_SECONDS = 600.0


def _environ(folder: Path) -> dict[str, str]:
    return {**os.environ, "LAUNCHKIT_RUNS_DIR": str(folder / "runs"), "LAUNCHKIT_BUILD_CONSOLE": "0"}


def _launch(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*LAUNCH, *arguments],
        env=_environ(folder),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=LAUNCH_SECONDS,
        check=False,
    )


def _only_run(folder: Path) -> Path:
    (run,) = (folder / "runs").iterdir()
    return run


@pytest.mark.alone
def test_the_whole_chain_passes_its_rehearsal_and_hides_nothing(tmp_path: Path) -> None:
    done = _launch(tmp_path, "--seed", "1", "--json", "--junit", str(tmp_path / "junit.xml"))
    report = json.loads(done.stdout)
    verdict = report["verdict"]
    assert verdict["word"] == "REHEARSAL PASSED", json.dumps(verdict["reasons"][:5], indent=1)
    assert done.returncode == ExitCode.PASS
    run = _only_run(tmp_path)
    assert {path.name for path in run.iterdir()} >= {
        *("report.html", "report.md", "report.json", "junit.xml", "journal.jsonl"),
    }
    assert (tmp_path / "junit.xml").read_text() == (run / "junit.xml").read_text()
    record = read_journal(run)
    (plan,) = record.header.about.plans
    assert {item.id for item in plan.items} == {entry.id for entry in record.of(Source.CHECKLIST)}
    passed = {name for entry in record.entries if entry.status == "pass" for name in entry.requirements}
    assert len(verdict["coverage"]) == len(read_requirements()) == 128
    for covered in verdict["coverage"]:
        if covered["id"] not in passed:
            assert covered["state"] != "proved", covered["id"]
    assert any(item["status"] == "rehearsed" for item in verdict["open_items"])
    unwatched = any(item["title"] == "Prometheus watches the target" for item in verdict["open_items"])
    assert unwatched == (shutil.which("prometheus") is None)
    dashboard = read_dashboard(run)
    assert unwatched == (dashboard is None)
    assert [panel.title for panel in (dashboard.panels if dashboard else ()) if not panel.series] == []
    assert not (run / "data").exists()


def _begun(tmp_path: Path) -> "subprocess.Popen[str]":
    """A launch whose contract step has begun to report."""
    process = subprocess.Popen(
        LAUNCH,
        env=_environ(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    journals = tmp_path / "runs"
    eventually(
        lambda: any(len(path.read_bytes().splitlines()) > 5 for path in journals.glob("*/journal.jsonl")),
        process.poll,
        seconds=STEP_SECONDS,
    )
    return process


def _gone(family: list[psutil.Process]) -> None:
    eventually(
        lambda: not any(runs(member) for member in family),
        lambda: [member for member in family if runs(member)],
    )


def test_ctrl_c_reports_what_there_is_and_leaves_nothing_running(tmp_path: Path) -> None:
    process = _begun(tmp_path)
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    said, complaints = process.communicate(timeout=STEP_SECONDS)
    assert process.returncode == ExitCode.INTERRUPTED
    assert said.startswith("UNDECIDED")
    assert "Traceback" not in complaints
    run = _only_run(tmp_path)
    assert read_journal(run).footer.outcome == "interrupted"
    assert not (run / "data").exists()
    _gone(family)


def test_killing_it_leaves_no_process_of_it_or_of_its_steps(tmp_path: Path) -> None:
    process = _begun(tmp_path)
    family = psutil.Process(process.pid).children(recursive=True)
    assert any("contract" in member.cmdline() for member in family)
    process.kill()
    process.communicate()
    _gone(family)
    eventually(lambda: not (_only_run(tmp_path) / "data").exists(), lambda: "the data are still there")


def test_a_target_that_never_answers_is_undecided_in_one_line_and_a_report(tmp_path: Path) -> None:
    with reserved_port(0) as port:
        profile = tmp_path / "profile.yaml"
        profile.write_text(f"name: nobody\nbase_url: http://127.0.0.1:{port}\n")
        done = _launch(tmp_path, "--target", str(profile))
    assert done.returncode == ExitCode.UNDECIDED
    assert done.stdout.startswith("UNDECIDED")
    assert "cannot go on" in done.stderr
    assert "Traceback" not in done.stderr
    assert (_only_run(tmp_path) / "report.html").exists()


@pytest.mark.parametrize(
    ("profile", "arguments", "complaint"),
    [
        ("", ["--release"], "launchkit: --release judges a real target; add --target FILE"),
        ("name: a\nbase_url: http://127.0.0.1:1\nworkrs: {}", [], "profile.yaml:3:1: unknown key"),
        ("name: a\nbase_url: http://market.example", [], "is not on loopback and `allow` lacks load_test"),
        ("name: a\nbase_url: http://127.0.0.1:1", ["--seed", "x"], "--seed"),
        ("name: a\nbase_url: http://127.0.0.1:1", ["--vendors", "0"], "--vendors"),
    ],
)
def test_a_wrong_call_is_one_line_and_leaves_no_run(
    tmp_path: Path, profile: str, arguments: list[str], complaint: str
) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(profile)
    done = _launch(tmp_path, *arguments, *(["--target", str(path)] if profile else []))
    assert done.returncode == ExitCode.USAGE
    (line,) = done.stderr.splitlines()
    assert complaint in line
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("run_id", "complaint"), [("taken", "exists already"), ("../x", "cannot name a run")]
)
def test_a_run_folder_that_cannot_be_had_is_one_line(tmp_path: Path, run_id: str, complaint: str) -> None:
    (tmp_path / "runs" / "taken").mkdir(parents=True)
    done = _launch(tmp_path, "--run-id", run_id)
    assert done.returncode == ExitCode.USAGE
    (line,) = done.stderr.splitlines()
    assert complaint in line
    assert not list((tmp_path / "runs" / "taken").iterdir())


def test_an_unwritable_place_for_runs_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file where a folder is needed")
    done = _launch(tmp_path)
    assert done.returncode == ExitCode.USAGE
    (line,) = done.stderr.splitlines()
    assert "not writable" in line or "LAUNCHKIT_RUNS_DIR" in line
