"""The checklist of a launch, and what people decided of it, can be given."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from checklists.tests.support import Reply, serving
from harness.cli import run
from harness.commands.launch import SCENARIOS
from harness.commands.launch_parts import ChecklistFiles, checklist_step
from harness.exit_codes import ExitCode
from harness.target import read_target
from loadtests.criteria import read_criteria

CHECKLIST = """
launch: mine
phases:
  pre-launch:
    things:
      - Looked at: {manual: someone looked, role: product}
      - Files: {run: [echo, "3"], expect: stdout = "0"}
"""
WAIVERS = """
waivers:
  - item: pre-launch/files
    reason: later
    accept: stdout = "3"
    requested_by: Kim
    approved_by: Robin
    expires: 2999-01-01T00:00:00Z
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChecklistFiles]:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))
    (tmp_path / "mine.yaml").write_text(CHECKLIST)
    (tmp_path / "decided.yaml").write_text(WAIVERS)
    with serving(Reply()) as server:
        (tmp_path / "target.yaml").write_text(
            f"name: mine\nbase_url: {server.url}\nrelease: {{name: one, commit: 3f2a3f2a}}\n"
        )
        yield ChecklistFiles(tmp_path / "mine.yaml", tmp_path / "decided.yaml", tmp_path / "signed.jsonl")


def test_they_are_what_the_checklist_is_asked_with(
    tmp_path: Path, files: ChecklistFiles, capsys: pytest.CaptureFixture[str]
) -> None:
    target = read_target(tmp_path / "target.yaml")
    signing = ["sign", "looked-at", "--as", "product", "--by", "Ada", "--target", str(target.path)]
    assert run([*signing, "--file", str(files.file), "--signoffs", str(files.signoffs)]) is ExitCode.PASS
    capsys.readouterr()
    step = checklist_step(target, 1, files)
    assert run([*step.arguments, "--json"]) is ExitCode.PASS
    found = {o["id"]: o["status"] for o in json.loads(capsys.readouterr().out)["observations"]}
    assert found == {"pre-launch/looked-at": "pass", "pre-launch/files": "waived"}
    assert {item.id for item in files.plan().items} == set(found)


@pytest.mark.parametrize(
    ("option", "content", "message"),
    [
        ("--file", None, "cannot be read"),
        ("--file", "launch: mine\nphases: {}", "there are no phases"),
        ("--waivers", "waivers: [{item: pre-launch/nothing}]", "'requested_by' is missing"),
        ("--signoffs", "{}\n", "is not a sign-off"),
    ],
)
def test_a_mistake_in_them_is_told_before_anything_is_begun(
    tmp_path: Path,
    files: ChecklistFiles,
    capsys: pytest.CaptureFixture[str],
    option: str,
    content: str | None,
    message: str,
) -> None:
    if content is not None:
        (tmp_path / "wrong").write_text(content)
    code = run(["launch", "--target", str(tmp_path / "target.yaml"), option, str(tmp_path / "wrong")])
    assert code in (ExitCode.USAGE, ExitCode.UNDECIDED)
    assert message in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_a_launch_loads_every_scenario_that_has_limits() -> None:
    """What none of them asks for could not be proved by any launch."""
    assert set(SCENARIOS) == set(read_criteria())
