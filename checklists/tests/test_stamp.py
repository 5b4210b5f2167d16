import configparser
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from checklists.probes.suite import read_result

JUNIT = '<testsuites><testsuite tests="5" failures="1" errors="0" skipped="2"/></testsuites>'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    _git(tmp_path, "init", "-q")
    (tmp_path / "code.py").write_text("pass\n")
    _git(tmp_path, "add", "code.py")
    _git(tmp_path, "-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "-qm", "one")
    return tmp_path


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def stamp(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-m", "checklists.stamp", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_result_bears_the_commit(repository: Path) -> None:
    assert stamp(repository, "lint", "results/lint.json").returncode == 0
    result = read_result(repository / "results" / "lint.json")
    assert result.commit == _git(repository, "rev-parse", "HEAD")
    assert (result.suite, result.passed, result.failed, result.dirty) == ("lint", 1, 0, False)
    assert result.coverage is None


def test_tests_and_coverage_are_counted(repository: Path) -> None:
    (repository / ".git" / "junit.xml").write_text(JUNIT)
    (repository / ".git" / "coverage.json").write_text(json.dumps({"totals": {"percent_covered": 91.234}}))
    arguments = ("--junit", ".git/junit.xml", "--coverage", ".git/coverage.json")
    assert stamp(repository, "py311", "py311.json", *arguments).returncode == 0
    result = read_result(repository / "py311.json")
    assert (result.passed, result.failed, result.skipped, result.coverage) == (2, 1, 2, 91.23)


def test_what_the_run_was_given_is_kept(repository: Path) -> None:
    (repository / ".git" / "junit.xml").write_text(JUNIT)
    options = ("sdk", "sdk.json", "--junit", ".git/junit.xml", "--posargs")
    assert stamp(repository, *options).returncode == 0
    assert read_result(repository / "sdk.json").arguments == ()
    assert stamp(repository, *options, "-k", "one thing", "--junit", "x").returncode == 0
    assert read_result(repository / "sdk.json").arguments == ("-k", "one thing", "--junit", "x")


def test_the_whole_suite_has_to_cover_enough(repository: Path) -> None:
    (repository / ".git" / "coverage.json").write_text(json.dumps({"totals": {"percent_covered": 88.8}}))
    options = ("py311", "py311.json", "--coverage", ".git/coverage.json", "--least-coverage")
    done = stamp(repository, *options, "90", "--posargs")
    assert (done.returncode, done.stderr) == (1, "stamp: the tests cover 88.8 % of lines, not 90 %\n")
    assert not (repository / "py311.json").exists()
    assert stamp(repository, *options, "88.8", "--posargs").returncode == 0


def test_nothing_is_asked_of_what_a_part_covers(repository: Path) -> None:
    (repository / ".git" / "coverage.json").write_text(json.dumps({"totals": {"percent_covered": 12.3}}))
    options = ("py311", "py311.json", "--coverage", ".git/coverage.json", "--least-coverage", "90")
    assert stamp(repository, *options, "--posargs", "-k", "verdict").returncode == 0


def test_each_environment_that_can_be_given_arguments_says_so() -> None:
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(Path(__file__).parents[2] / "tox.ini")
    stamped = {
        name: part["commands"] for name, part in tox.items() if "checklists.stamp" in part.get("commands", "")
    }
    assert "testenv:py311" in stamped
    for name, commands in stamped.items():
        stamp_line = commands.strip().splitlines()[-1]
        assert stamp_line.endswith(" --posargs {posargs}") is (
            "{posargs" in commands.replace(stamp_line, "")
        ), name


def test_a_changed_tree_is_said_to_be_changed(repository: Path) -> None:
    (repository / "code.py").write_text("changed\n")
    stamp(repository, "lint", "lint.json")
    assert read_result(repository / "lint.json").dirty


@pytest.mark.parametrize("junit", ["<testsuites", None])
def test_without_a_report_nothing_is_written(repository: Path, junit: str | None) -> None:
    if junit is not None:
        (repository / "junit.xml").write_text(junit)
    done = stamp(repository, "py311", "py311.json", "--junit", "junit.xml")
    assert done.returncode == 2
    assert "no result is written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (repository / "py311.json").exists()


def test_outside_a_work_tree_nothing_is_written_and_the_tests_still_pass(tmp_path: Path) -> None:
    done = stamp(tmp_path, "lint", "lint.json")
    assert done.returncode == 0
    assert "no Git checkout" in done.stdout
    assert not (tmp_path / "lint.json").exists()
