"""The probe that asks whether each requirement has evidence."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from checklists.tests.runs import OTHER, begin, note, status_of, subject
from checklists.tests.support import COMMIT, make_executor, make_item
from harness.errors import DocumentError
from harness.evidence import Observation, Source, Status
from harness.journal import Plan, PlannedItem
from harness.requirements import read_requirements
from harness.target import Target

EVIDENCE = "evidence: {except: [DAY-*, POST-*, CHK-*, CP-*, VC-*]}\nexpect: [requirements > 0, missing = 0]"


def plan(*requirements: str) -> Plan:
    item = PlannedItem(id="pre-launch/one", title="One", severity="blocker", requirements=requirements)
    return Plan(phase="pre-launch", digest="d", items=(item,))


def asked_for() -> list[str]:
    aside = ("DAY-", "POST-", "CHK-", "CP-", "VC-")
    return [known.id for known in read_requirements() if not known.id.startswith(aside)]


def test_a_requirement_has_evidence_by_a_test_a_load_run_or_an_item(
    tmp_path: Path, run_folder: Path, target: Target
) -> None:
    *tested, measured, planned = asked_for()
    begin(run_folder, subject(target), plan(planned))
    earlier = begin(run_folder.with_name("2024"), subject(target))
    note(earlier, "a", Status.FAIL, *tested)
    earlier.finish(outcome="complete", seconds=1.0)
    keys = EVIDENCE
    assert status_of(tmp_path, run_folder, target, keys) == (
        Status.FAIL,
        "expected missing = 0, but missing = 1",
    )
    loaded = begin(run_folder.with_name("2025"), subject(target))
    loaded.observe(Observation(source=Source.LOAD, id="x", status=Status.REHEARSED, requirements=(measured,)))
    loaded.finish(outcome="complete", seconds=1.0)
    assert status_of(tmp_path, run_folder, target, keys)[0] is Status.PASS


@pytest.mark.parametrize(
    ("status", "commit"), [(Status.NOT_APPLICABLE, COMMIT), (Status.PASS, OTHER), (Status.PASS, None)]
)
def test_what_does_not_apply_or_is_of_another_release_is_no_evidence(
    tmp_path: Path, run_folder: Path, target: Target, status: Status, commit: str | None
) -> None:
    *tested, last = asked_for()
    journal = begin(run_folder, subject(target))
    note(journal, "a", Status.PASS, *tested)
    note(journal, "b", Status.NOT_APPLICABLE, last)
    other = begin(run_folder.with_name("2025"), subject(target, commit))
    other.observe(Observation(source=Source.LOAD, id="x", status=status, requirements=(last,)))
    other.finish(outcome="complete", seconds=1.0)
    executor = replace(make_executor(tmp_path, target), run_folder=run_folder)
    outcome = executor(make_item(tmp_path, EVIDENCE))
    assert outcome.status is Status.FAIL
    answer = outcome.attempts[-1].answer
    assert answer is not None
    assert answer.details == {"missing": [last]}


def test_without_any_results_evidence_cannot_be_told(
    tmp_path: Path, run_folder: Path, target: Target
) -> None:
    begin(run_folder, subject(target), plan("API-01"))
    assert status_of(tmp_path, run_folder, target, EVIDENCE) == (
        Status.ERROR,
        "neither contract nor load results for this release and target",
    )


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("most", "'most' cannot be read"),
        ("{but: [DAY-*]}", "unknown key of an evidence probe 'but'"),
        ("{except: [DAYS-*]}", "'DAYS-*' matches no requirement"),
        ("{}", "'except' is missing"),
    ],
)
def test_a_mistake_about_evidence_is_pointed_at(tmp_path: Path, written: str, message: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(message)):
        make_item(tmp_path, f"evidence: {written}\nexpect: missing = 0")
