"""Verdicts."""

import pytest

from harness.evidence import Status
from harness.load_result import LoadVerdict, Mode
from loadtests.criteria import read_criteria
from loadtests.findings import Evidence
from loadtests.judgement import judge
from loadtests.tests.measured import always, evidence, plan_of, sample

SEARCH, SOAK = read_criteria()["search"], read_criteria()["soak"]
FULL = plan_of(duration=300.0)
REHEARSAL = plan_of(rehearsal=True)


def _verdict(seen: Evidence, *, partial: str = "", died: bool = False) -> LoadVerdict:
    return judge(SEARCH, seen, partial=partial, died=died)[0]


def test_all_that_holds_in_full_passes() -> None:
    verdict, outcomes = judge(SEARCH, evidence(FULL), partial="", died=False)
    assert FULL.mode is Mode.FULL
    assert verdict is LoadVerdict.PASS
    assert {outcome.status for outcome in outcomes} == {Status.PASS}


def test_all_that_holds_in_a_rehearsal_is_rehearsed() -> None:
    verdict, outcomes = judge(SEARCH, evidence(REHEARSAL), partial="", died=False)
    assert verdict is LoadVerdict.PASS
    assert {outcome.status for outcome in outcomes} == {Status.REHEARSED}


@pytest.mark.parametrize("plan", [FULL, REHEARSAL])
def test_one_broken_limit_fails(plan: object) -> None:
    assert _verdict(evidence(FULL if plan is FULL else REHEARSAL, always(300.0))) is LoadVerdict.FAIL


@pytest.mark.parametrize(("late", "verdict"), [(0.005, LoadVerdict.PASS), (0.02, LoadVerdict.INVALID)])
def test_a_late_generator_says_nothing(late: float, verdict: LoadVerdict) -> None:
    seen = evidence(REHEARSAL, late_ms=lambda n: 60.0 if n % 1000 < late * 1000 else 1.0)
    assert _verdict(seen) is verdict


@pytest.mark.parametrize("latency", [10.0, 900.0])
def test_a_late_generator_neither_passes_nor_fails(latency: float) -> None:
    seen = evidence(REHEARSAL, always(latency), late_ms=always(100.0))
    verdict, outcomes = judge(SEARCH, seen, partial="", died=False)
    assert verdict is LoadVerdict.INVALID
    assert {outcome.status for outcome in outcomes} == {Status.INVALID}
    assert "generator itself was late" in outcomes[0].message


def test_a_rehearsal_may_leave_open_what_takes_longer() -> None:
    samples = (sample(0), sample(7))
    rehearsal = plan_of("soak", rehearsal=True)
    verdict, outcomes = judge(SOAK, evidence(rehearsal, samples=samples), partial="", died=False)
    assert verdict is LoadVerdict.PASS
    open_ = {outcome.id for outcome in outcomes if outcome.status is Status.UNDECIDED}
    assert open_ == {"consistent-latency", "no-degradation", "no-memory-leak"}


def test_missing_samples_are_not_excused() -> None:
    assert judge(SOAK, evidence(plan_of("soak", rehearsal=True)), partial="", died=False)[0] is (
        LoadVerdict.UNDECIDED
    )


def test_what_held_until_the_run_broke_off_is_undecided() -> None:
    assert _verdict(evidence(REHEARSAL), partial="stopped after 3.0 s") is LoadVerdict.UNDECIDED


def test_a_target_that_died_fails_and_the_requirements_hear_of_it() -> None:
    verdict, outcomes = judge(SEARCH, evidence(REHEARSAL), partial="it stopped answering", died=True)
    assert verdict is LoadVerdict.FAIL
    last = outcomes[-1]
    assert (last.id, last.status) == ("survives", Status.FAIL)
    assert "LOAD-01" in last.requirements


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [("timeout", LoadVerdict.INVALID), ("connection_refused", LoadVerdict.FAIL)],
)
def test_silence_before_a_late_generator_is_no_death_unless_the_target_hung_up(
    reason: str, verdict: LoadVerdict
) -> None:
    seen = evidence(REHEARSAL, failing=always(reason), late_ms=always(100.0))
    assert _verdict(seen, partial="it stopped answering", died=True) is verdict


def test_nothing_measured_is_undecided() -> None:
    seen = evidence(REHEARSAL)
    seen.measurement.cells.clear()
    assert _verdict(seen) is LoadVerdict.UNDECIDED
