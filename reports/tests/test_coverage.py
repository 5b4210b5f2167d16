"""Coverage of the requirements: the worst evidence decides, none leaves it open."""

from pathlib import Path

import pytest

from harness.evidence import Observation, Status
from harness.requirements import Requirement
from reports.coverage import State, cover, unknown_ids
from reports.tests.journals import check, contract, read_run


def state(tmp_path: Path, *statuses: Status) -> State:
    wanted = Requirement("API-01", "5.1", "text")
    observations: list[Observation] = [
        contract(status, f"a/b/{number}", requirements=("API-01",)) for number, status in enumerate(statuses)
    ]
    return cover(read_run(tmp_path / "run", observations).entries, (wanted,))[0].state


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((), State.OPEN),
        ((Status.PASS,), State.PROVED),
        ((Status.PASS, Status.PASS), State.PROVED),
        ((Status.PASS, Status.FAIL), State.FAILED),
        ((Status.PASS, Status.STALE), State.FAILED),
        ((Status.PASS, Status.NOT_TESTABLE), State.FAILED),
        ((Status.FAIL, Status.ERROR), State.FAILED),
        ((Status.PASS, Status.ERROR), State.UNDECIDED),
        ((Status.PASS, Status.INVALID), State.UNDECIDED),
        ((Status.PASS, Status.BLOCKED), State.UNDECIDED),
        ((Status.PASS, Status.UNDECIDED), State.UNDECIDED),
        ((Status.PASS, Status.PENDING), State.OPEN),
        ((Status.PASS, Status.SKIPPED), State.OPEN),
        ((Status.PASS, Status.NOT_APPLICABLE), State.OPEN),
        ((Status.NOT_APPLICABLE,), State.OPEN),
        ((Status.PASS, Status.REHEARSED), State.REHEARSED),
        ((Status.REHEARSED, Status.SKIPPED), State.OPEN),
        ((Status.PASS, Status.WAIVED), State.CONDITIONAL),
        ((Status.PASS, Status.EXPECTED), State.CONDITIONAL),
        ((Status.PASS, Status.WARNING), State.CONDITIONAL),
    ],
)
def test_the_worst_evidence_decides(tmp_path: Path, statuses: tuple[Status, ...], expected: State) -> None:
    assert state(tmp_path, *statuses) is expected


def test_every_requirement_is_there_in_its_order(
    tmp_path: Path, requirements: tuple[Requirement, ...]
) -> None:
    entries = read_run(tmp_path / "run", [check(requirements=("CHK-02", "CHK-02"))]).entries
    coverage = cover(entries, requirements)
    assert [covered.id for covered in coverage] == [requirement.id for requirement in requirements]
    assert len(coverage) == 128
    proved = [covered for covered in coverage if covered.state is State.PROVED]
    assert [(covered.id, len(covered.marks)) for covered in proved] == [("CHK-02", 1)]


def test_the_worst_mark_comes_first(tmp_path: Path) -> None:
    observations = [
        contract(Status.PASS, "a/b/1", requirements=("API-01",)),
        contract(Status.FAIL, "a/b/2", requirements=("API-01",)),
    ]
    (covered,) = cover(read_run(tmp_path / "run", observations).entries, (Requirement("API-01", "5.1", "t"),))
    assert [mark.id for mark in covered.marks] == ["a/b/2", "a/b/1"]


def test_ids_that_are_no_requirement_are_told(tmp_path: Path, requirements: tuple[Requirement, ...]) -> None:
    entries = read_run(tmp_path / "run", [check(requirements=("CHK-02", "CHK-2"))]).entries
    assert unknown_ids(entries, cover(entries, requirements)) == ("CHK-2",)
