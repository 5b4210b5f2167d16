"""What becomes of a fault: killed by a test and proved active, or not; a run that breaks down is no kill."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from harness.contract.clauses import Clause
from harness.contract.fault_matrix import (
    Outcome,
    Verdict,
    exit_code,
    idle_tests,
    observation,
    outcome,
    unproved_clauses,
)
from harness.contract.fault_pages import matrix, page, whole
from harness.contract.levels import Level
from harness.contract.variants import Variant
from harness.contract.witnesses import Witness
from harness.evidence import Source, Status
from harness.exit_codes import ExitCode
from harness.journal import Entry

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
VARIANT = Variant("late-page", "the page comes late", ("API-05",), Level.SEEDED, ("PAGE-1",))
EQUIVALENT = Variant("later", "", (), Level.SEEDED, explained="the bound is never met")
WITNESS = Witness("GET /vendors", "body.total", "3", "4")


def verdict(code: int, **found: Status) -> Verdict:
    entries = tuple(
        Entry(seq=seq, at=BEGAN + timedelta(seconds=seq), prev="", source=Source.CONTRACT,
              id=name.replace("__", "/"), status=status, message="because")
        for seq, (name, status) in enumerate(found.items(), 1)
    )  # fmt: skip
    return Verdict(code, entries, BEGAN)


def test_a_test_that_fails_is_a_kill() -> None:
    found = outcome(VARIANT, verdict(1, seeded__a=Status.PASS, seeded__b=Status.FAIL), WITNESS, 2.0)
    assert (found.status, found.killers, found.survivors) == (Status.PASS, ("seeded/b",), ("seeded/a",))
    assert found.sentence == "killed by seeded/b, after 2.0 s"
    assert found.proof is WITNESS


def test_a_killer_proves_a_fault_where_there_is_no_witness() -> None:
    found = outcome(VARIANT, verdict(1, seeded__b=Status.FAIL), None, 2.0)
    assert found.witness is None
    assert str(found.proof) == "the test seeded/b: it passes in the healthy target, it fails (because) here"


def test_no_failure_is_a_survival() -> None:
    found = outcome(VARIANT, verdict(0, seeded__a=Status.PASS), WITNESS, 2.0)
    assert found.status is Status.FAIL
    assert found.sentence == "SURVIVED 1 tests"
    hidden = outcome(VARIANT, verdict(0, seeded__a=Status.PASS), None, 2.0)
    assert hidden.sentence == "SURVIVED 1 tests; nothing shows that it is active"


def test_a_survivor_that_is_explained_is_expected() -> None:
    found = outcome(EQUIVALENT, verdict(0, seeded__a=Status.PASS), None, 2.0)
    assert found.status is Status.EXPECTED
    assert found.sentence == "survived, as explained: the bound is never met"
    killed = outcome(VARIANT, verdict(1, seeded__b=Status.FAIL), WITNESS, 2.0)
    assert exit_code([found, killed]) is ExitCode.PASS
    assert "1 of 2 faults killed, 1 survived as explained; " in matrix([found, killed], thorough=False)


def test_an_explanation_that_a_test_refutes_is_stale_and_fails() -> None:
    found = outcome(EQUIVALENT, verdict(1, seeded__b=Status.FAIL), None, 2.0)
    assert found.status is Status.STALE
    assert found.sentence == "killed by seeded/b, after 1.0 s, though explained as one that survives"
    assert exit_code([found]) is ExitCode.FAIL


@pytest.mark.parametrize(
    "broken",
    [
        verdict(1, run__target=Status.FAIL),
        verdict(3, seeded__a=Status.ERROR),
        verdict(1, seeded__a=Status.NOT_TESTABLE),
    ],
)
def test_a_run_that_breaks_down_is_no_kill(broken: Verdict) -> None:
    found = outcome(VARIANT, broken, WITNESS, 2.0)
    assert found.status is Status.ERROR
    assert "because" in found.problem


def test_a_mechanical_variant_that_does_not_run_is_told_apart() -> None:
    mutant = Variant("m", "", (), Level.SEEDED, mechanical=True)
    blamed, own_error = verdict(1, run__target=Status.FAIL), verdict(3, seeded__a=Status.ERROR)
    found = outcome(mutant, blamed, None, 2.0)
    assert found.status is Status.NOT_APPLICABLE
    assert found.sentence == "does not run: the suite could not decide: because"
    killed = outcome(mutant, verdict(1, seeded__b=Status.FAIL), WITNESS, 2.0)
    assert exit_code([found, killed]) is ExitCode.PASS
    assert exit_code([found]) is ExitCode.UNDECIDED
    assert "1 of 2 faults killed, 1 do not run; " in matrix([found, killed], thorough=False)
    for undecided in (own_error, verdict(1)):
        assert outcome(mutant, undecided, None, 2.0).status is Status.ERROR
    explained = Variant("m", "", (), Level.SEEDED, explained="never met", mechanical=True)
    assert outcome(explained, blamed, None, 2.0).status is Status.ERROR


def test_an_observation_names_killers_and_witness() -> None:
    found = observation(Outcome(VARIANT, ("seeded/a", "seeded/b"), ("seeded/c",), 1.234, WITNESS))
    assert (found.id, found.requirements) == ("faults/late-page", ("API-05",))
    assert found.evidence == {
        "level": "seeded",
        "clauses": ["PAGE-1"],
        "killers": ["seeded/a", "seeded/b"],
        "tests": 3,
        "witness": "GET /vendors: 3 in the healthy target, 4 here at body.total",
        "by_its_killer_alone": False,
        "seconds": 1.23,
    }


def test_one_survivor_fails_and_nothing_at_all_decides_nothing() -> None:
    killed, survived = Outcome(VARIANT, ("a",), (), 1.0, WITNESS), Outcome(VARIANT, (), ("a",), 1.0)
    broken = Outcome(VARIANT, (), (), 1.0, None, "no start")
    assert exit_code([killed, killed]) is ExitCode.PASS
    assert exit_code([killed, survived, broken]) is ExitCode.FAIL
    assert exit_code([killed, broken]) is ExitCode.UNDECIDED
    assert exit_code([]) is ExitCode.UNDECIDED
    assert exit_code([killed], ["PAGE-1"]) is ExitCode.FAIL


FOUND = (
    Outcome(VARIANT, ("seeded/a[1]", "seeded/a[2]", "seeded/b"), ("seeded/c",), 1.0, WITNESS),
    Outcome(VARIANT, (), ("seeded/b", "seeded/d[x]"), 12.0),
)


def test_tests_that_fail_on_no_fault_are_named() -> None:
    assert idle_tests(FOUND) == ("seeded/c", "seeded/d")


def test_a_clause_is_proved_by_a_fault_of_its_own_in_a_test_of_its_own() -> None:
    def clause(*tests: str) -> Clause:
        return Clause("PAGE-1", "s", "t", ("API-05",), tests)

    assert unproved_clauses(FOUND, [clause("seeded/a")]) == ()
    assert unproved_clauses(FOUND, [clause("seeded/c")]) == ("PAGE-1",)
    assert unproved_clauses(FOUND[1:], [clause("seeded/a")]) == ("PAGE-1",)


def test_the_matrix_has_a_line_a_fault_and_its_witness() -> None:
    lines = matrix(FOUND, thorough=True).splitlines()
    assert lines == [
        "seeded  late-page   1.0 s  killed by seeded/a[1] and 2 more",
        "        active: GET /vendors: 3 in the healthy target, 4 here at body.total",
        "seeded  late-page  12.0 s  SURVIVED 2 tests; nothing shows that it is active",
        "1 of 2 faults killed; proved active: 1 by a witness, 0 by the test that fails alone",
        "0 of 1 clauses broken by a fault of theirs in a test of theirs; not: PAGE-1",
        "2 tests that failed on no fault: seeded/c, seeded/d",
    ]
    assert "failed on no fault" not in matrix(FOUND, thorough=False)


def test_the_page_has_a_row_a_fault() -> None:
    found = Outcome(VARIANT, FOUND[0].killers, (), 9.0, Witness("GET /a|b", "", "1", "2"), kill_seconds=1.04)
    text = page([found], thorough=True)
    assert text.splitlines()[-1] == (
        "| **late-page**: the page comes late | seeded | PAGE-1 | `a`, `b` "
        "| GET /a\\|b: 1 in the healthy target, 2 here | 1.0 |"
    )


def test_the_terminal_tells_apart_what_a_killer_alone_proves() -> None:
    alone = outcome(VARIANT, verdict(1, seeded__b=Status.FAIL), None, 2.0)
    said = matrix([*FOUND, alone], thorough=False)
    assert "2 of 3 faults killed; proved active: 1 by a witness, 1 by the test that fails alone" in said


def test_the_json_holds_every_killer() -> None:
    (killed, survived) = json.loads(whole(FOUND))
    assert killed["killers"] == ["seeded/a[1]", "seeded/a[2]", "seeded/b"]
    assert (killed["status"], survived["status"]) == ("pass", "fail")
    assert survived["survivors"] == ["seeded/b", "seeded/d[x]"]
