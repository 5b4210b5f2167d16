"""What the release manager's guide tells people to write and call is right."""

import configparser
import re
import shlex
import textwrap
from dataclasses import astuple
from pathlib import Path

import pytest

import checklists
from checklists import references
from checklists.built_in import checklist_of
from checklists.loader import load_checklist
from checklists.model import PhaseName
from checklists.probes.suite import SuiteProbe
from checklists.waivers import load_waivers
from harness.cli import run
from harness.contract.levels import Level, possible
from harness.exit_codes import ExitCode
from harness.target import Capability, ClientIdentity, Permission, Target, Workers, read_target

ROOT = Path(checklists.__file__).parents[1]
GUIDE = (ROOT / "docs" / "release-managers-guide.md").read_text("utf-8")


KINDS_ASK = {
    "sql": "database_url",
    "explain": "database_url",
    "promql": "prometheus_url",
    "rules": "prometheus_url",
    "browser": "console_url",
    "console": "console_url",
    "log": "logs",
    "tests": "release.commit",
    "contract": "release.commit",
    "load": "release.commit",
    "manual": "release.commit",
    **dict.fromkeys(("http", "run", "file", "evidence"), ""),
}


def profile(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    monkeypatch.setenv("REFERENCE_DATABASE_URL", "postgresql://127.0.0.1/marketplace")
    path = folder / "staging.yaml"
    path.write_text(block("name: staging"))
    return read_target(path)


def block(first: str) -> str:
    """The indented block that begins with this text."""
    found = re.search(rf"^    {first}.*\n(?:    .*\n|\n(?=    ))*", GUIDE, re.MULTILINE)
    assert found, first
    return textwrap.dedent(found[0])


def test_its_profile_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert profile(tmp_path, monkeypatch).release.commit


@pytest.mark.parametrize("phase", PhaseName)
def test_its_profile_has_all_that_the_built_in_items_ask_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phase: PhaseName
) -> None:
    target = profile(tmp_path, monkeypatch)
    path = checklist_of(phase)
    items = load_checklist(path).phases[0].items
    asked = {*references.mentioned(path.read_text("utf-8"))} & {*references.NAMES}
    asked |= {item.when.key for item in items if item.when}
    asked |= {KINDS_ASK[item.kind] for item in items} - {""}
    assert {name: references.lookup(name, target) for name in asked}
    for item in items:
        assert item.probe.asked(target)


def test_its_profile_lets_the_whole_contract_and_the_whole_load_be_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = profile(tmp_path, monkeypatch)
    assert possible(target) == tuple(Level)
    assert target.capabilities == frozenset(Capability)
    assert target.allow == frozenset(Permission)
    assert target.client_identity is ClientIdentity.FORWARDED
    assert target.processes
    assert all(astuple(target.workers or Workers()))


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
    profile(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    words = shlex.split(block("launchkit sign"))
    assert run(words[1:]) is ExitCode.PASS
    assert "Ada Lovelace (on-call) signed" in capsys.readouterr().out
