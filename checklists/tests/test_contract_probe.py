"""The probe that reads what the contract suite found, in this run or an earlier one."""

from pathlib import Path
from typing import Any

import pytest

from checklists.tests.runs import OTHER, begin, note, status_of, subject
from checklists.tests.support import COMMIT, make_target
from harness.evidence import Status
from harness.target import Target

SSRF = "contract: {requirements: HC-05}\nexpect: [failed = 0, undecided = 0, missing = 0]"


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ([("a", Status.PASS, "HC-05"), ("b", Status.FAIL, "HC-01")], Status.PASS),
        ([("a", Status.PASS, "HC-05"), ("b", Status.FAIL, "HC-05")], Status.FAIL),
        ([("a", Status.PASS, "HC-05"), ("b", Status.ERROR, "HC-05")], Status.FAIL),
        ([("a", Status.EXPECTED, "HC-05")], Status.ERROR),
        ([("a", Status.ERROR, "HC-05"), ("b", Status.UNDECIDED, "HC-05")], Status.ERROR),
        ([("a", Status.NOT_APPLICABLE, "HC-05")], Status.ERROR),
        ([("a", Status.PASS, "HC-01")], Status.ERROR),
        ([], Status.ERROR),
    ],
)
def test_contract_results_of_this_run(
    tmp_path: Path, run_folder: Path, target: Target, found: list[Any], status: Status
) -> None:
    journal = begin(run_folder, subject(target))
    for name, result, requirement in found:
        note(journal, name, result, requirement)
    assert status_of(tmp_path, run_folder, target, SSRF)[0] is status


def test_every_requirement_asked_for_needs_a_test_that_passed(
    tmp_path: Path, run_folder: Path, target: Target
) -> None:
    journal = begin(run_folder, subject(target))
    note(journal, "a", Status.PASS, "API-01")
    keys = "contract: {requirements: [API-01, API-02]}\nexpect: missing = 0"
    assert status_of(tmp_path, run_folder, target, keys) == (
        Status.FAIL,
        "expected missing = 0, but missing = 1",
    )


@pytest.mark.parametrize(
    ("chosen", "passed"), [("all", 2), ("{tests: live/*}", 1), ("{tests: [live/*, seeded/*]}", 2)]
)
def test_tests_can_be_chosen_by_name(
    tmp_path: Path, run_folder: Path, target: Target, chosen: str, passed: int
) -> None:
    journal = begin(run_folder, subject(target))
    note(journal, "live/one", Status.PASS, "API-01")
    note(journal, "seeded/two", Status.WARNING, "API-02")
    keys = f"contract: {chosen}\nexpect: passed = {passed}"
    assert status_of(tmp_path, run_folder, target, keys)[0] is Status.PASS


@pytest.mark.parametrize(
    ("commit", "outcome", "status"),
    [
        (COMMIT, "complete", Status.PASS),
        (OTHER, "complete", Status.ERROR),
        (None, "complete", Status.ERROR),
        (COMMIT, "interrupted", Status.ERROR),
        (COMMIT, "", Status.ERROR),
    ],
)
def test_an_earlier_run_speaks_for_the_same_commit_only(
    tmp_path: Path, run_folder: Path, target: Target, commit: str | None, outcome: str, status: Status
) -> None:
    begin(run_folder, subject(target))
    earlier = begin(run_folder.with_name("20250101T000000Z-old"), subject(target, commit))
    note(earlier, "a", Status.PASS, "HC-05")
    if outcome:
        earlier.finish(outcome=outcome, seconds=1.0)
    assert status_of(tmp_path, run_folder, target, SSRF)[0] is status


def test_two_targets_without_a_commit_are_not_the_same(tmp_path: Path, run_folder: Path) -> None:
    target = make_target(tmp_path)
    begin(run_folder, subject(target, None))
    earlier = begin(run_folder.with_name("20250101T000000Z-old"), subject(target, None))
    note(earlier, "a", Status.PASS, "HC-05")
    earlier.finish(outcome="complete", seconds=1.0)
    assert status_of(tmp_path, run_folder, target, SSRF)[0] is Status.ERROR
