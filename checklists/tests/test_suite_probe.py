"""The probe that reads the stamped results of a test suite."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from checklists.stamp import SuiteResult
from checklists.tests.runs import OTHER
from checklists.tests.support import COMMIT, make_executor, make_item, make_target, no_answer
from harness.evidence import Status
from harness.target import Target

TESTS = "tests: py311\nexpect: [failed = 0, passed > 0, coverage > 80%]"
GOOD = SuiteResult("py311", COMMIT, False, "2026-01-01T00:00:00+00:00", 100, 0, 2, 91.5)


def stamped(tmp_path: Path, result: SuiteResult | str) -> None:
    path = tmp_path / "test-results" / "py311.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(result if isinstance(result, str) else json.dumps(asdict(result)))


@pytest.mark.parametrize(
    ("result", "status", "message"),
    [
        (GOOD, Status.PASS, ""),
        (replace(GOOD, coverage=79.9), Status.FAIL, "coverage = 79.9%"),
        (replace(GOOD, failed=1), Status.FAIL, "failed = 1"),
        (replace(GOOD, coverage=None), Status.ERROR, "no 'coverage'"),
        (replace(GOOD, commit=OTHER), Status.ERROR, "are of commit bbbbbbbbbbbb, not 3f2a3f2a3f2a"),
        (replace(GOOD, dirty=True), Status.ERROR, "uncommitted changes"),
        (replace(GOOD, arguments=("-k", "one thing")), Status.ERROR, "run with -k 'one thing'"),
        (replace(GOOD, format=2), Status.ERROR, "format 2 is not known"),
        ("{", Status.ERROR, "is not a test result"),
        ('{"commit": 3}', Status.ERROR, "is not a test result"),
    ],
)
def test_test_results_count_for_their_commit(
    tmp_path: Path, target: Target, result: SuiteResult | str, status: Status, message: str
) -> None:
    stamped(tmp_path, result)
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, TESTS))
    assert outcome.status is status
    assert message in outcome.message


@pytest.mark.parametrize(
    ("result", "status", "message"),
    [
        (GOOD, Status.ERROR, "2 tests of py311 were skipped"),
        (replace(GOOD, failed=1), Status.FAIL, "failed = 1"),
        (replace(GOOD, skipped=0), Status.PASS, ""),
    ],
)
def test_tests_that_were_skipped_where_none_may_be_decide_nothing(
    tmp_path: Path, target: Target, result: SuiteResult, status: Status, message: str
) -> None:
    stamped(tmp_path, result)
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, f"{TESTS}\nmost_skipped: 0"))
    assert outcome.status is status
    assert message in outcome.message


def test_without_test_results_it_is_said_who_makes_them(tmp_path: Path, target: Target) -> None:
    found = no_answer(tmp_path, target, TESTS)
    assert (found.status, found.reason, found.settle) == (
        Status.ERROR,
        "no results of py311 for this commit",
        "tox run -e py311",
    )


def test_without_a_commit_test_results_say_nothing(tmp_path: Path) -> None:
    stamped(tmp_path, GOOD)
    found = no_answer(tmp_path, make_target(tmp_path), TESTS)
    assert found.reason == "the profile does not say which commit is judged"
