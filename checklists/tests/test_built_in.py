"""The marketplace's own checklists."""

from pathlib import Path

import pytest

import checklists
from checklists.loader import load_checklist
from checklists.model import Item
from checklists.tests.support import COMMIT, make_executor, make_target
from harness.evidence import Status

FOLDER = Path(checklists.__file__).parent
FILES = {"pre_launch": ("CHK", 41), "launch_day": ("DAY", 8), "post_launch": ("POST", 7)}


def items_of(name: str) -> tuple[Item, ...]:
    (phase,) = load_checklist(FOLDER / f"{name}.yaml").phases
    assert phase.name.replace("-", "_") == name
    return phase.items


@pytest.mark.parametrize("name", FILES)
def test_every_line_of_the_brief_has_an_item(name: str) -> None:
    prefix, count = FILES[name]
    spoken_for = {requirement for item in items_of(name) for requirement in item.requirements}
    assert {f"{prefix}-{number:02}" for number in range(1, count + 1)} <= spoken_for


@pytest.mark.parametrize("name", FILES)
def test_every_item_has_a_requirement_and_someone_who_answers_for_it(name: str) -> None:
    for item in items_of(name):
        assert item.requirements, item.id
        assert item.owner or item.kind == "manual", item.id


@pytest.mark.parametrize("name", FILES)
def test_an_item_either_asserts_something_or_is_left_to_a_person(name: str) -> None:
    for item in items_of(name):
        assert item.expectations or item.kind == "manual", item.id


def test_the_launch_day_keeps_the_order_of_the_brief() -> None:
    order = [requirement for item in items_of("launch_day") for requirement in item.requirements]
    days = [requirement for requirement in order if requirement.startswith("DAY")]
    assert days == sorted(days)


def test_without_a_command_for_a_round_nobody_is_asked_what_a_worker_dials(tmp_path: Path) -> None:
    (item,) = (item for item in items_of("pre_launch") if "CHK-39" in item.requirements)
    target = make_target(tmp_path, release={"commit": COMMIT})
    outcome = make_executor(tmp_path, target)(item)
    assert outcome.status is Status.SKIPPED
    assert "no workers in the profile: what a health check dials" in outcome.message


def test_what_no_probe_can_know_is_signed() -> None:
    people = ("POST-05", "POST-06", "POST-07")
    asked = [item for item in items_of("post_launch") if set(people) & set(item.requirements)]
    assert [item.kind for item in asked] == ["manual"] * len(people)
