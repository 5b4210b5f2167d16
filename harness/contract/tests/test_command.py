"""`launchkit contract`, as a person and as a machine calls it."""

import json
from pathlib import Path

import pytest

from harness.cli import run
from harness.contract.tests.toy import straight, toy
from harness.exit_codes import ExitCode


@pytest.fixture(autouse=True)
def _runs_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")  # nobody's options may change the verdict


def test_the_result_is_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    junit = tmp_path / "junit.xml"
    with toy(tmp_path / "toy", straight) as profile:
        call = ["contract", "--target", str(profile), "--level", "seeded", "--fail-fast", "--json"]
        code = run([*call, "--seed", "4", "--junit", str(junit)])
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert code is ExitCode.FAIL  # the toy refuses nothing
    assert result["exit_code"] == 1
    assert result["seed"] == 4
    assert result["counts"]["fail"] == 1
    assert "<failure" in junit.read_text()
    assert "launchkit: seed 4" in said.err


def test_a_target_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with toy(tmp_path / "toy", straight) as profile:
        pass
    assert run(["contract", "--target", str(profile)]) is ExitCode.UNDECIDED
    said = capsys.readouterr()
    assert (said.out + said.err).count("never answered") == 1
    assert "Traceback" not in said.out + said.err


def test_a_level_that_cannot_be_had(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = tmp_path / "target.yaml"
    profile.write_text("name: t\nbase_url: http://127.0.0.1:1\n")
    assert run(["contract", "--target", str(profile), "--level", "workers"]) is ExitCode.USAGE
    assert "needs `fixtures.load` and `workers`" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()
