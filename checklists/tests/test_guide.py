"""What the release manager's guide tells people to write and call is right."""

import configparser
import re
import shlex
import textwrap
from pathlib import Path

import pytest

import checklists
from checklists.built_in import checklist_of
from checklists.loader import load_checklist
from checklists.model import PhaseName
from checklists.probes.suite import SuiteProbe
from checklists.waivers import load_waivers
from harness.cli import run
from harness.exit_codes import ExitCode
from harness.target import read_target

ROOT = Path(checklists.__file__).parents[1]
GUIDE = (ROOT / "docs" / "release-managers-guide.md").read_text("utf-8")


def block(first: str) -> str:
    """The indented block that begins with this text."""
    found = re.search(rf"^    {first}.*\n(?:    .*\n|\n(?=    ))*", GUIDE, re.MULTILINE)
    assert found, first
    return textwrap.dedent(found[0])


def test_its_profile_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGING_DATABASE_URL", "postgresql://127.0.0.1/marketplace")
    profile = tmp_path / "staging.yaml"
    profile.write_text(block("name: staging"))
    assert read_target(profile).release.commit


def test_it_names_all_that_leaves_results() -> None:
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    run_by_tox = set(tox["tox"]["env_list"].replace(",", " ").split())
    told = set(re.findall(r"^    tox run -e (\w+)$", GUIDE, re.MULTILINE))
    items = load_checklist(checklist_of(PhaseName.PRE_LAUNCH)).phases[0].items
    read = {item.probe.suite for item in items if isinstance(item.probe, SuiteProbe)}
    assert re.search(r"^    tox$", GUIDE, re.MULTILINE)
    assert read <= run_by_tox | told


def test_its_waiver_is_one(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(block("waivers:"))
    waivers = load_waivers(path, load_checklist(checklist_of(PhaseName.PRE_LAUNCH)))
    assert list(waivers) == ["pre-launch/accessibility-audit-passed"]


def test_its_launch_day_is_one(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rollback-plan.md").touch()
    (tmp_path / "day.yaml").write_text(block("launch: marketplace 1.0"))
    deploy, answers = load_checklist(tmp_path / "day.yaml").phases[0].items
    assert (deploy.changes, deploy.undo) == ("the API in production", "./deploy api 0.9")
    assert answers.changes == ""


def test_its_signature_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STAGING_DATABASE_URL", "postgresql://127.0.0.1/marketplace")
    (tmp_path / "staging.yaml").write_text(block("name: staging"))
    monkeypatch.chdir(tmp_path)
    words = shlex.split(block("launchkit sign"))
    assert run(words[1:]) is ExitCode.PASS
    assert "Ada Lovelace (on-call) signed" in capsys.readouterr().out
