"""Every clause of the wire contract has a test and a fault, or a reason; and nothing points nowhere."""

import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from harness.contract.catalogue import suite_tests
from harness.contract.clauses import Clause, read_clauses
from harness.contract.variants import Variant
from harness.errors import LaunchkitError
from harness.requirements import read_requirements

CONTRACT_PART = re.compile(r"(API|HC|MA|DOC)-\d+|PRF-0[126]|MON-0[1236]")
BEYOND_THE_WIRE = {"MON-02", "MON-03"}  # what the workers tell Prometheus
UNBROKEN = {
    "DOC-01": "a reference page that lacks a parameter is no fault of a target; the checklist reads it",
    "DOC-03": "an example that does not run is no fault of a target; the checklist runs them",
}


@pytest.fixture(scope="module")
def clauses() -> tuple[Clause, ...]:
    return read_clauses()


@pytest.fixture(scope="module")
def faults() -> tuple[Variant, ...]:
    """As the reference's profile lists them."""
    listed = subprocess.run(
        [sys.executable, "-m", "reference_service.faults"], capture_output=True, check=True
    )
    return msgspec.json.decode(listed.stdout, type=tuple[Variant, ...])


def test_every_clause_has_a_test_or_a_reason(clauses: tuple[Clause, ...]) -> None:
    assert len(clauses) >= 100
    assert [c.id for c in clauses if bool(c.tests) == bool(c.untested)] == []


def test_every_clause_has_a_fault_or_a_reason(
    clauses: tuple[Clause, ...], faults: tuple[Variant, ...]
) -> None:
    broken = {name for fault in faults for name in fault.clauses}
    assert [c.id for c in clauses if c.needs_a_fault and c.id not in broken] == []
    assert [c.id for c in clauses if not c.needs_a_fault and c.id in broken] == []


def test_every_fault_breaks_a_clause_that_there_is(
    clauses: tuple[Clause, ...], faults: tuple[Variant, ...]
) -> None:
    known = {clause.id for clause in clauses}
    within = [fault for fault in faults if not set(fault.requirements) <= BEYOND_THE_WIRE]
    assert {fault.name: fault.clauses for fault in within if not set(fault.clauses) & known} == {}
    assert {name for fault in faults for name in fault.clauses} - known == set()


def test_what_clauses_name_is_there(clauses: tuple[Clause, ...]) -> None:
    tests = {test.id for test in suite_tests()}
    requirements = {requirement.id for requirement in read_requirements()}
    assert {name for clause in clauses for name in clause.tests} - tests == set()
    assert {name for clause in clauses for name in clause.requirements} - requirements == set()


def test_a_test_of_a_clause_is_of_the_level_of_one_of_its_faults(
    clauses: tuple[Clause, ...], faults: tuple[Variant, ...]
) -> None:
    """A fault's variant is judged by the tests of its level alone."""
    for fault in faults:
        of_its = [clause for clause in clauses if clause.id in fault.clauses]
        levels = {test.partition("/")[0] for clause in of_its for test in clause.tests}
        if not of_its:  # it breaks what the workers' metrics must tell
            levels = {"operations"}
        assert fault.level in levels, f"{fault.name}: no test of its clauses is of the level {fault.level}"


def test_every_requirement_of_the_contract_has_a_fault_or_a_reason(faults: tuple[Variant, ...]) -> None:
    part = {one.id for one in read_requirements() if CONTRACT_PART.fullmatch(one.id)}
    broken = {name for fault in faults for name in fault.requirements}
    assert len(part) >= 30
    assert part - broken == set(UNBROKEN)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{}", "must be a list of clauses"),
        ("- {id: A, section: s, text: t, requirements: [], tests: [], why: x}", "why"),
        ("- {id: A, section: s, text: '', requirements: [], tests: []}", "must be text"),
        ("- {id: A, section: s, text: t, requirements: [], tests: []}\n" * 2, "given twice"),
    ],
)
def test_a_wrong_file_is_told_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "clauses.yaml"
    path.write_text(text)
    with pytest.raises(LaunchkitError, match=problem):
        read_clauses(path)
