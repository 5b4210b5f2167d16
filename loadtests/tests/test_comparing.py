"""`launchkit load --save-baseline` and `--compare`, by the user's command."""

from pathlib import Path

import pytest

from harness.cli import run
from harness.evidence import Status
from harness.exit_codes import ExitCode
from harness.journal import read_journal
from loadtests.baselines import read_baseline
from loadtests.tests.conftest import MakeProfile, StartServer

LOAD = ("--rate", "40", "--duration", "1", "--criteria", "wide.yaml")
# What is compared here is judged by comparison alone, however busy the machine.
WIDE = "search: {p95: {requirements: [LOAD-01], latency: {percentile: 95, below_ms: 20000}}}\n"


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runs"
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    Path("wide.yaml").write_text(WIDE)
    return folder


def _compared(runs: Path) -> tuple[Status, str, str]:
    folder = max(runs.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    (entry,) = (entry for entry in read_journal(folder).entries if entry.id == "search/compared")
    return entry.status, entry.observed, entry.message


@pytest.mark.alone
def test_a_slower_target_fails_against_stored_runs(
    start_server: StartServer, make_profile: MakeProfile, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quick = str(make_profile(start_server("--latency", "0.1")))
    stored = ["load", "search", "--target", quick, *LOAD, "--repeat", "4", "--save-baseline", "quick"]
    assert run(stored) is ExitCode.PASS
    assert len(read_baseline(Path("baselines"), "quick", "search").runs) == 4
    slow = str(make_profile(start_server("--latency", "1")))
    assert run(["load", "search", "--target", slow, *LOAD, "--compare", "quick"]) is ExitCode.FAIL
    assert _compared(runs)[0] is Status.FAIL
    assert "worse: p95 ×" in capsys.readouterr().out


@pytest.mark.alone
def test_two_targets_are_loaded_in_turn(
    start_server: StartServer, make_profile: MakeProfile, runs: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(f"name: other\nbase_url: {start_server('--latency', '1')}\n")
    ours = str(make_profile(start_server("--latency", "0.1")))
    arguments = ["--target", ours, *LOAD, "--rounds", "3"]
    assert run(["load", "search", *arguments, "--compare", str(other)]) is ExitCode.PASS
    status, observed, _ = _compared(runs)
    assert status is Status.REHEARSED
    assert observed.startswith("better")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--compare", "never"], "make one with --save-baseline never"),
        (["--save-baseline", "../up"], "cannot name a baseline"),
    ],
)
def test_names_that_are_wrong_are_told_before_anything_is_sent(
    make_profile: MakeProfile, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    profile = str(make_profile("http://127.0.0.1:1"))
    assert run(["load", "search", "--target", profile, *arguments]) is ExitCode.USAGE
    assert message in capsys.readouterr().err


@pytest.mark.alone
@pytest.mark.parametrize("way", [["--repeat", "2"], ["--compare", "other.yaml"]])
def test_a_death_fails_at_once_however_many_runs_were_asked_for(
    start_server: StartServer, make_profile: MakeProfile, runs: Path, way: list[str]
) -> None:
    Path("other.yaml").write_text(f"name: other\nbase_url: {start_server()}\n")
    dying = str(make_profile(start_server("--die-at", "60")))
    load = ["load", "search", "--target", dying, "--duration", "2", "--criteria", "wide.yaml"]
    assert run([*load, *way, "--save-baseline", "none"]) is ExitCode.FAIL
    (folder,) = runs.iterdir()
    entries = {entry.id: entry.status for entry in read_journal(folder).entries}
    assert entries["search/survives"] is Status.FAIL
    assert "search/compared" not in entries
    assert not Path("baselines").exists()


def test_a_baseline_without_runs_says_how_to_make_one(
    make_profile: MakeProfile, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("baselines/empty").mkdir(parents=True)
    Path("baselines/empty/search.json").write_text('{"scenario": "search", "runs": []}')
    profile = str(make_profile("http://127.0.0.1:1"))
    assert run(["load", "search", "--target", profile, "--compare", "empty"]) is ExitCode.USAGE
    assert "make one with --save-baseline empty" in capsys.readouterr().err


def test_stored_runs_of_another_load_are_no_measure(
    start_server: StartServer, make_profile: MakeProfile, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = str(make_profile(start_server()))
    assert run(["load", "search", "--target", profile, *LOAD, "--save-baseline", "one"]) is ExitCode.PASS
    assert run(["load", "search", "--target", profile, "--compare", "one"]) is ExitCode.USAGE
    assert "another rate or length" in capsys.readouterr().err
    same = ["load", "search", "--target", profile, *LOAD]
    for other in (["--arrivals", "poisson"], ["--connections", "9"]):
        for option in ("--compare", "--save-baseline"):
            assert run([*same, *other, option, "one"]) is ExitCode.USAGE
            assert "give the same" in capsys.readouterr().err
    Path("baselines/one/search.json").write_text("{}")
    assert run(["load", "search", "--target", profile, "--compare", "one"]) is ExitCode.USAGE
    assert "is not a baseline" in capsys.readouterr().err
