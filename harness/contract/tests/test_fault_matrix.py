"""What counts as a kill."""

import pytest

from harness.contract.fault_matrix import Outcome, exit_code, matrix, observation, outcome
from harness.contract.levels import Level
from harness.contract.variants import Variant
from harness.evidence import Observation, Source, Status
from harness.exit_codes import ExitCode
from harness.journal import Subject
from harness.results import Result

VARIANT = Variant("late-page", "the page comes late", ("API-05",), Level.SEEDED)


def result(code: ExitCode, **found: Status) -> Result:
    observations = tuple(
        Observation(source=Source.CONTRACT, id=name.replace("__", "/"), status=status, message="because")
        for name, status in found.items()
    )
    counts = {str(status): list(found.values()).count(status) for status in found.values()}
    return Result(
        format=1, command="contract", run="r", target=Subject(name="t", base_url="u", profile_digest="d"),
        exit_code=int(code), verdict="v", seed=1, seconds=1.0, counts=counts, observations=observations,
    )  # fmt: skip


def test_a_test_that_fails_is_a_kill() -> None:
    found = outcome(VARIANT, result(ExitCode.FAIL, seeded__a=Status.PASS, seeded__b=Status.FAIL), 2.0)
    assert (found.status, found.killers, found.executed) == (Status.PASS, ("seeded/b",), 2)
    assert "killed by seeded/b" in found.sentence


def test_no_failure_is_a_survival() -> None:
    found = outcome(VARIANT, result(ExitCode.PASS, seeded__a=Status.PASS), 2.0)
    assert found.status is Status.FAIL
    assert "SURVIVED 1" in found.sentence


@pytest.mark.parametrize(
    "broken",
    [
        result(ExitCode.FAIL, run__target=Status.FAIL),
        result(ExitCode.UNDECIDED, seeded__a=Status.ERROR),
        result(ExitCode.FAIL, seeded__a=Status.NOT_TESTABLE),
    ],
)
def test_a_run_that_breaks_down_is_no_kill(broken: Result) -> None:
    found = outcome(VARIANT, broken, 2.0)
    assert found.status is Status.ERROR
    assert "because" in found.problem


def test_an_observation_names_the_killers() -> None:
    found = observation(Outcome(VARIANT, ("seeded/a", "seeded/b"), 5, 1.234))
    assert (found.id, found.requirements) == ("faults/late-page", ("API-05",))
    assert found.evidence == {"killers": ["seeded/a", "seeded/b"], "seconds": 1.23}


def test_one_survivor_fails_and_nothing_at_all_decides_nothing() -> None:
    killed, survived = Outcome(VARIANT, ("a",), 1, 1.0), Outcome(VARIANT, (), 1, 1.0)
    broken = Outcome(VARIANT, (), 0, 1.0, "it never started")
    assert exit_code([killed, killed]) is ExitCode.PASS
    assert exit_code([killed, survived, broken]) is ExitCode.FAIL
    assert exit_code([killed, broken]) is ExitCode.UNDECIDED
    assert exit_code([]) is ExitCode.UNDECIDED


def test_the_matrix_has_a_line_a_fault() -> None:
    lines = matrix([Outcome(VARIANT, ("a", "b"), 1, 1.0), Outcome(VARIANT, (), 3, 12.0)]).splitlines()
    assert lines[0] == "seeded  late-page   1.0 s  killed by a and 1 more"
    assert lines[1] == "seeded  late-page  12.0 s  SURVIVED 3 tests"
