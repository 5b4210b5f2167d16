"""Secrets are found in the tree and in the past; what was not audited is not a pass."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.exit_codes import ExitCode
from harness.hygiene.dependency_audit import main as audit
from harness.hygiene.dependency_audit import read_audit
from harness.hygiene.exposed_secrets import in_history, in_tree
from harness.hygiene.exposed_secrets import main as scan

SECRET = "AKIA" + "ABCDEFGHIJKLMNOP"


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.test")
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.txt").write_text("nothing\n")
    git(tmp_path, "add", "a.txt")
    git(tmp_path, "commit", "-qm", "one")
    return tmp_path


def test_a_clean_repository_passes(repository: Path) -> None:
    assert scan(repository) is ExitCode.PASS


@pytest.mark.parametrize(
    "secret", [SECRET, "-----BEGIN RSA " + "PRIVATE KEY-----", "ghp_" + "a1" * 18, "xoxb-" + "1234567890"]
)
def test_a_secret_in_the_tree_is_told_but_not_shown(
    repository: Path, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "new.txt").write_text(f"\nkey = {secret}\n")
    assert [exposed.where for exposed in in_tree(repository)] == ["new.txt:2"]
    assert scan(repository) is ExitCode.FAIL
    assert secret not in capsys.readouterr().out


def test_a_secret_that_was_taken_out_is_still_in_the_history(repository: Path) -> None:
    (repository / "a.txt").write_text(SECRET)
    git(repository, "commit", "-qam", "two")
    (repository / "a.txt").write_text("nothing\n")
    git(repository, "commit", "-qam", "three")
    assert list(in_tree(repository)) == []
    assert [exposed.kind for exposed in in_history(repository)] == ["AWS access key"]
    assert scan(repository) is ExitCode.FAIL


def test_without_a_history_it_is_undecided_and_the_files_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scan(tmp_path) is ExitCode.UNDECIDED
    assert "undecided" in capsys.readouterr().err
    (tmp_path / "a.txt").write_text(SECRET)
    assert scan(tmp_path) is ExitCode.FAIL


def test_a_part_of_a_history_is_undecided(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "two")
    clone = tmp_path_factory.mktemp("shallow") / "clone"
    git(repository, "clone", "-q", "--depth", "1", f"file://{repository}", str(clone))
    assert scan(clone) is ExitCode.UNDECIDED


@pytest.mark.parametrize(("options", "code"), [([], 3), (["--allow-undecided"], 0)])
def test_the_command_may_let_undecided_pass(tmp_path: Path, options: list[str], code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "harness.hygiene.exposed_secrets", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert "undecided" in done.stderr


@pytest.mark.parametrize(
    ("dependencies", "code"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], ExitCode.PASS),
        (
            [{"name": "a", "version": "1", "vulns": [{"id": "X-1"}]}, {"name": "b", "skip_reason": "?"}],
            ExitCode.FAIL,
        ),
        ([{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "?"}], ExitCode.UNDECIDED),
        ([], ExitCode.UNDECIDED),
    ],
)
def test_only_a_whole_audit_passes(dependencies: list[object], code: ExitCode) -> None:
    assert read_audit(json.dumps({"dependencies": dependencies})).exit_code is code


def test_an_audit_that_cannot_run_is_undecided(tmp_path: Path) -> None:
    assert audit([str(tmp_path / "none.txt")]) is ExitCode.UNDECIDED
