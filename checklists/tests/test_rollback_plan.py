"""What the rollback plan tells people to call."""

import itertools
import re
import shlex
import textwrap
from pathlib import Path

import checklists
from checklists.built_in import checklist_of
from checklists.choosing import choose_items, choose_phase
from checklists.loader import load_checklist
from checklists.model import PhaseName

PLAN = (Path(checklists.__file__).parents[1] / "docs" / "rollback-plan.md").read_text("utf-8")


def commands() -> list[list[str]]:
    """What stands in its indented blocks."""
    blocks = re.findall(r"^(?:       .*\n)+", PLAN, re.MULTILINE)
    lines = "".join(map(textwrap.dedent, blocks)).replace("\\\n", " ").splitlines()
    return [shlex.split(line) for line in lines]


def test_verifying_a_rollback_changes_nothing() -> None:
    checks = [words[2:] for words in commands() if words[:2] == ["launchkit", "check"]]
    assert checks
    for phase, *options in checks:
        only = tuple(value for key, value in itertools.pairwise(options) if key == "--only")
        name = PhaseName(phase)
        items = choose_items(choose_phase(load_checklist(checklist_of(name)), name), only).items
        assert items
        assert [item.id for item in items if item.changes] == []


def test_only_the_way_back_itself_changes_production() -> None:
    others = [words for words in commands() if words[0] != "launchkit"]
    assert others == [["python", "-m", "reference_service", "migrate", "down", "--to", "N"]]
