from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.decision import decide, word
from checklists.model import Outcome, Severity
from checklists.tests.support import make_checklist
from harness.evidence import Status
from harness.exit_codes import ExitCode


@pytest.fixture(scope="module")
def outcome_of(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    listed = "\n".join(f"- {s}: {{http: /, expect: status = 200, severity: {s}}}" for s in Severity)
    phase = make_checklist(tmp_path_factory.mktemp("checklist"), listed).phases[0]
    items = {item.severity: item for item in phase.items}
    return lambda severity, status: Outcome(items[severity], status, "")


@pytest.mark.parametrize(
    ("found", "rehearsal", "release"),
    [
        ([("blocker", "pass")], ExitCode.PASS, ExitCode.PASS),
        ([("blocker", "pass"), ("blocker", "fail")], ExitCode.FAIL, ExitCode.FAIL),
        ([("blocker", "pass"), ("blocker", "error")], ExitCode.PASS, ExitCode.UNDECIDED),
        ([("blocker", "pass"), ("blocker", "pending")], ExitCode.PASS, ExitCode.UNDECIDED),
        ([("blocker", "pass"), ("blocker", "skipped")], ExitCode.PASS, ExitCode.PASS),
        ([("blocker", "pass"), ("major", "fail")], ExitCode.PASS, ExitCode.PASS),
        ([("blocker", "pass"), ("major", "error")], ExitCode.PASS, ExitCode.PASS),
        ([("blocker", "error"), ("blocker", "fail")], ExitCode.FAIL, ExitCode.FAIL),
        ([("blocker", "error")], ExitCode.UNDECIDED, ExitCode.UNDECIDED),
        ([("blocker", "skipped"), ("major", "pending")], ExitCode.UNDECIDED, ExitCode.UNDECIDED),
        ([("blocker", "rehearsed")], ExitCode.PASS, ExitCode.PASS),
        ([("blocker", "waived")], ExitCode.UNDECIDED, ExitCode.UNDECIDED),
        ([], ExitCode.UNDECIDED, ExitCode.UNDECIDED),
    ],
)
def test_what_a_phase_means(outcome_of, found, rehearsal: ExitCode, release: ExitCode) -> None:  # type: ignore[no-untyped-def]
    outcomes = [outcome_of(Severity(severity), Status(status)) for severity, status in found]
    assert decide(outcomes, rehearsal=True) is rehearsal
    assert decide(outcomes, rehearsal=False) is release


def test_a_blocker_that_waits_for_what_failed_has_failed(outcome_of) -> None:  # type: ignore[no-untyped-def]
    lesser = outcome_of(Severity.MAJOR, Status.FAIL)
    waiting = replace(outcome_of(Severity.BLOCKER, Status.BLOCKED), blocked_by=(lesser.item.id,))
    held = outcome_of(Severity.BLOCKER, Status.PASS)
    assert decide([held, lesser, waiting], rehearsal=False) is ExitCode.FAIL
    assert decide([held, waiting], rehearsal=False) is ExitCode.UNDECIDED


@given(st.lists(st.tuples(st.sampled_from(Severity), st.sampled_from(Status)), max_size=8), st.booleans())
def test_nothing_passes_where_nothing_held_or_a_blocker_failed(outcome_of, found, rehearsal) -> None:  # type: ignore[no-untyped-def]
    outcomes = [outcome_of(severity, status) for severity, status in found]
    code = decide(outcomes, rehearsal=rehearsal)
    if any(severity is Severity.BLOCKER and status.failed for severity, status in found):
        assert code is ExitCode.FAIL
    elif not any(status in (Status.PASS, Status.REHEARSED) for _, status in found):
        assert code is ExitCode.UNDECIDED


def test_the_word_says_whether_something_is_open(outcome_of) -> None:  # type: ignore[no-untyped-def]
    passed, skipped = (outcome_of(Severity.BLOCKER, status) for status in (Status.PASS, Status.SKIPPED))
    assert word(ExitCode.PASS, [passed]) == "PASS"
    assert word(ExitCode.PASS, [passed, skipped]) == "PASS WITH OPEN ITEMS"
    assert word(ExitCode.FAIL, [passed]) == "FAIL"
