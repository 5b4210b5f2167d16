"""`launchkit contract --seeds N`, on a target that is right, one that is wrong, and one that is gone."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.cli import run
from harness.contract.fault_matrix import Verdict
from harness.contract.seeds import Seeded, drawn, exit_code, seeded
from harness.contract.tests.toy import straight, toy
from harness.evidence import Source, Status
from harness.exit_codes import ExitCode
from harness.journal import Entry, follow
from harness.tests.second_target.process import second_target

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _runs_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))


def _verdict(code: int, **statuses: Status) -> Verdict:
    entries = [
        Entry(seq=0, at=NOW, prev="", source=Source.CONTRACT, id=name, status=status, message="why")
        for name, status in statuses.items()
    ]
    return Verdict(code, tuple(entries), NOW)


def test_a_right_target_is_green_with_every_seed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with second_target(tmp_path) as profile:
        call = ["contract", "--target", str(profile), "--level", "live", "--seeds", "2", "--seed", "7"]
        code = run([*call, "--json"])
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert code is ExitCode.PASS, said.err
    assert (result["exit_code"], result["verdict"], result["seed"]) == (0, "2 of 2 green", 7)
    assert [found["id"] for found in result["observations"]] == [f"seeds/{seed}" for seed in drawn(7, 2)]
    assert all(found["evidence"]["tests"] > 10 for found in result["observations"])
    for number, seed in enumerate(drawn(7, 2), 1):
        assert f"{number}/2 seed {seed}: green, " in said.err


def test_a_wrong_target_is_red_by_its_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with toy(tmp_path / "toy", straight) as profile:
        call = ["contract", "--target", str(profile), "--level", "seeded", "--fail-fast", "--seeds", "1"]
        code = run([*call, "--seed", "7"])
    said = capsys.readouterr()
    assert code is ExitCode.FAIL  # the toy refuses nothing
    (seed,) = drawn(7, 1)
    assert "0 of 1 green" in said.out
    assert f"seed {seed}: RED: seeded/" in said.err
    assert f"--seed {seed} asks the same again" in said.out
    (folder,) = (tmp_path / "runs").glob(f"*/seeds/{seed}")
    assert any(entry.status is Status.FAIL for entry in follow(folder))  # what failed can be read


def test_a_target_that_is_not_there_decides_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with toy(tmp_path / "toy", straight) as profile:
        pass
    assert run(["contract", "--target", str(profile), "--seeds", "2"]) is ExitCode.UNDECIDED
    said = capsys.readouterr()
    assert "never answered" in said.out + said.err
    assert "Traceback" not in said.out + said.err


def test_a_level_that_cannot_be_had_is_told_before_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "target.yaml"
    profile.write_text("name: t\nbase_url: http://127.0.0.1:1\n")
    call = ["contract", "--target", str(profile), "--level", "workers", "--seeds", "2"]
    assert run(call) is ExitCode.USAGE
    assert "needs `fixtures.load` and `workers`" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()
    assert run([*call[:3], "--seeds", "0"]) is ExitCode.USAGE


def test_what_a_run_failed_as_a_whole_is_red_too() -> None:
    found = seeded(1, _verdict(1, **{"live/a/test_b": Status.PASS, "run/limited": Status.FAIL}), 2.0)
    assert (found.status, found.sentence) == (Status.FAIL, "RED: run/limited")


def test_a_run_that_decided_nothing_is_not_red() -> None:
    found = seeded(1, _verdict(3, **{"live/a/test_b": Status.ERROR}), 2.0)
    assert (found.status, found.sentence) == (Status.ERROR, "undecided: live/a/test_b: why")
    assert seeded(1, _verdict(-9), 2.0).sentence == "undecided: the suite ended with -9"


def test_a_warning_is_no_alarm() -> None:
    assert seeded(1, _verdict(0, **{"live/a/test_b": Status.WARNING}), 2.0).status is Status.PASS


def test_red_beats_undecided_and_undecided_green() -> None:
    green, red, none = Seeded(1, 9, 1.0), Seeded(2, 9, 1.0, ("a",)), Seeded(3, 0, 1.0, problem="x")
    assert exit_code([green, none, red]) is ExitCode.FAIL
    assert exit_code([green, none]) is ExitCode.UNDECIDED
    assert exit_code([green]) is ExitCode.PASS


def test_seeds_are_drawn_from_one() -> None:
    assert drawn(1, 20) == drawn(1, 20) != drawn(2, 20)
    assert len(set(drawn(1, 20))) == 20
