"""Verdicts."""

import pytest

from harness.evidence import Status
from harness.load_result import LoadVerdict, Mode
from loadtests.criteria import read_criteria
from loadtests.ending import EndedBy, Ending
from loadtests.findings import Evidence
from loadtests.judgement import judge
from loadtests.tests.measured import always, evidence, plan_of, sample

SEARCH, SOAK = read_criteria()["search"], read_criteria()["soak"]
FULL = plan_of(duration=300.0)
REHEARSAL = plan_of(rehearsal=True)
STOPPED = Ending(EndedBy.CHOICE, "stopped after 3.0 s")
DEATH = Ending(EndedBy.TARGET, "it stopped answering")
LOST = Ending(EndedBy.GENERATOR, "the generator lost its worker one")


def _verdict(seen: Evidence, ending: Ending | None = None) -> LoadVerdict:
    return judge(SEARCH, seen, ending)[0]


def test_all_that_holds_in_full_passes() -> None:
    verdict, outcomes = judge(SEARCH, evidence(FULL), None)
    assert FULL.mode is Mode.FULL
    assert verdict is LoadVerdict.PASS
    assert {outcome.status for outcome in outcomes} == {Status.PASS}


def test_all_that_holds_in_a_rehearsal_is_rehearsed() -> None:
    verdict, outcomes = judge(SEARCH, evidence(REHEARSAL), None)
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
    verdict, outcomes = judge(SEARCH, seen, None)
    assert verdict is LoadVerdict.INVALID
    assert {outcome.status for outcome in outcomes} == {Status.INVALID}
    assert "generator itself was late" in outcomes[0].message


def test_a_rehearsal_may_leave_open_what_takes_longer() -> None:
    samples = (sample(0), sample(7))
    rehearsal = plan_of("soak", rehearsal=True)
    verdict, outcomes = judge(SOAK, evidence(rehearsal, samples=samples), None)
    assert verdict is LoadVerdict.PASS
    open_ = {outcome.id for outcome in outcomes if outcome.status is Status.UNDECIDED}
    assert open_ == {"consistent-latency", "no-degradation", "no-memory-leak"}


def test_missing_samples_are_not_excused() -> None:
    assert judge(SOAK, evidence(plan_of("soak", rehearsal=True)), None)[0] is (LoadVerdict.UNDECIDED)


def test_what_held_until_the_run_broke_off_is_undecided() -> None:
    assert _verdict(evidence(REHEARSAL), STOPPED) is LoadVerdict.UNDECIDED


def test_a_target_that_died_fails_and_the_requirements_hear_of_it() -> None:
    verdict, outcomes = judge(SEARCH, evidence(REHEARSAL), DEATH)
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
    assert _verdict(seen, DEATH) is verdict


def test_nothing_measured_is_undecided() -> None:
    seen = evidence(REHEARSAL)
    seen.measurement.cells.clear()
    assert _verdict(seen) is LoadVerdict.UNDECIDED


@pytest.mark.parametrize("latency", [10.0, 900.0])
def test_a_generator_that_broke_neither_passes_nor_fails(latency: float) -> None:
    verdict, outcomes = judge(SEARCH, evidence(REHEARSAL, always(latency)), LOST)
    assert verdict is LoadVerdict.INVALID
    assert {outcome.message for outcome in outcomes} == {LOST.reason}


def test_what_the_generators_machine_lacks_is_no_error_of_the_target() -> None:
    seen = evidence(REHEARSAL, failing=lambda n: "generator_emfile" if n < 3 else "")
    verdict, outcomes = judge(SEARCH, seen, None)
    assert verdict is LoadVerdict.INVALID
    assert "3 × generator_emfile" in outcomes[0].message
