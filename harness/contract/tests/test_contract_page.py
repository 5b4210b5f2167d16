"""What the page for owners of other servers says is what there is."""

import re
from pathlib import Path

import pytest
import yaml
from msgspec.structs import fields

from harness.cli import run as command
from harness.contract.known import read_known_failures
from harness.contract.levels import Level, possible
from harness.fixtures.dataset import Dataset, Vendor
from harness.target import Capability, read_target

PAGE = Path(__file__).parents[3] / "docs" / "contract-suite.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_its_profile_makes_every_level_possible(tmp_path: Path) -> None:
    profile: dict[str, object] = {}
    for block in blocks("yaml"):
        profile |= {name: value for name, value in yaml.safe_load(block).items() if name not in profile}
    (tmp_path / "target.yaml").write_text(yaml.safe_dump(profile))
    target = read_target(tmp_path / "target.yaml")
    assert possible(target) == tuple(Level)
    assert target.capabilities == frozenset(Capability)


def test_its_known_failure_is_one(tmp_path: Path) -> None:
    lines = [
        line.removeprefix("# ") for block in blocks("yaml") for line in block.splitlines() if "- {" in line
    ]
    (tmp_path / "known.yaml").write_text("\n".join(lines))
    assert len(read_known_failures(tmp_path / "known.yaml")) == 1


def test_its_loader_reads_what_the_document_holds() -> None:
    names = re.findall(r'json:"(\w+)"', blocks("go")[0])
    top = {"vendors", "telemetry", "paymentIntents", "disputes"}
    assert top <= set(names)
    known = {field.encode_name for part in (Dataset, Vendor) for field in fields(part)}
    assert set(names) <= known


@pytest.mark.parametrize("name", ["contract", "dataset"])
def test_its_options_are_there(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command([name, "--help"])
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    text = PAGE.read_text("utf-8")
    said = {
        o for line in re.findall(rf"launchkit {name} ([^\n`]*)", text) for o in re.findall(r"--[a-z-]+", line)
    }
    assert said
    assert said <= known
