"""What a check records for each kind of answer."""

from datetime import datetime, timedelta

import pytest

from harness.contract.diagnosis import ContractBroken
from harness.contract.workers import cases
from harness.contract.workers.cases import Case
from harness.contract.workers.matching import must_match
from harness.contract.workers.rounds import CheckRound, shortest

LATE_SECONDS = 10.0  # a busy machine is no broken promise
STUB = "http://stub"  # only the names are used here: the round's own cases hold the real addresses


def _by_name(found: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "case", [pytest.param(case, id=case.name.replace(" ", "-")) for case in found]
    )


@pytest.mark.requirement("HC-01", "HC-02", "HC-03")
@_by_name(cases.answered(STUB))
def test_an_answer(allowing_round: CheckRound, case: Case) -> None:
    must_match(case, allowing_round.only_check(case.name))


@pytest.mark.requirement("HC-04")
@_by_name(cases.silent(STUB, STUB))
def test_no_answer(allowing_round: CheckRound, case: Case) -> None:
    must_match(case, allowing_round.only_check(case.name))


@pytest.mark.requirement("HC-04")
@pytest.mark.parametrize("case", cases.endless(STUB), ids=lambda case: case.name.replace(" ", "-"))
def test_a_check_ends_at_its_deadline(allowing_round: CheckRound, case: Case) -> None:
    """The stub sees when its caller leaves; what the target recorded is judged as well, where it did."""
    most = allowing_round.deadline + LATE_SECONDS
    recorded = allowing_round.only_check(case.name).get("responseTimeMs")
    for who, seconds in (
        ("the vendor saw", allowing_round.stub.longest(case.path or "")),
        ("the target recorded", recorded and recorded / 1000),
    ):
        if seconds is not None and seconds > most:
            raise ContractBroken(
                f"the check of a vendor that {case.name} outlasts its deadline",
                expected=f"about {allowing_round.deadline} s",
                observed=f"{who} {seconds:.1f} s",
            )


@pytest.mark.requirement("HC-01")
@_by_name(cases.redirected(STUB))
def test_a_redirect(allowing_round: CheckRound, case: Case) -> None:
    must_match(case, allowing_round.only_check(case.name))


@pytest.mark.requirement("HC-01", "HC-02")
@pytest.mark.parametrize("name", ["answers 200", "answers 404", "answers 503"])
def test_an_answer_has_a_response_time(allowing_round: CheckRound, name: str) -> None:
    milliseconds = allowing_round.only_check(name).get("responseTimeMs")
    assert milliseconds is not None, f"the check of the vendor that {name} has no responseTimeMs"
    assert milliseconds >= 0


@pytest.mark.requirement("HC-01")
def test_the_response_time_is_the_vendors(allowing_round: CheckRound) -> None:
    held = allowing_round.only_check(f"holds and answers {cases.HELD[0]}")
    assert 350 <= held["responseTimeMs"] <= 60_000, "a vendor that holds a call for 400 ms took another time"


@pytest.mark.requirement("HC-01")
def test_the_response_time_tells_vendors_apart(allowing_round: CheckRound) -> None:
    """The fastest of many on each side, so that a busy machine is no broken promise."""
    at_once, held = (shortest(allowing_round.checks, beginning) for beginning in ("answers", "holds"))
    assert at_once < held, (
        f"of the vendors that answer at once the fastest took {at_once:g} ms, "
        f"and of those that hold a call for 400 ms {held:g} ms"
    )


@pytest.mark.requirement("HC-01")
def test_checks_are_dated_when_they_were_made(allowing_round: CheckRound) -> None:
    slack = timedelta(seconds=5)
    for name, checks in allowing_round.checks.items():
        for check in checks:
            at = datetime.fromisoformat(check["checkedAt"])
            assert allowing_round.started - slack <= at <= allowing_round.ended + slack, (
                f"the check of the vendor that {name} is dated {at}"
            )


@pytest.mark.requirement("HC-01")
def test_checks_only_read(allowing_round: CheckRound) -> None:
    """A check is a GET: a vendor may count, or refuse, anything else."""
    others = sorted({visit.method for visit in allowing_round.stub.visits} - {"GET"})
    assert others == [], f"checks were made by {', '.join(others)}"


@pytest.mark.requirement("HC-01")
def test_a_vendor_without_a_health_endpoint_is_not_checked(allowing_round: CheckRound) -> None:
    assert allowing_round.checks["has no health endpoint"] == []
    assert allowing_round.stub.visited("/status/200?unwatched") == 0


@pytest.mark.requirement("HC-01")
def test_an_inactive_vendor_is_not_checked(allowing_round: CheckRound) -> None:
    assert allowing_round.stub.visited("/status/200?inactive") == 0, "an inactive vendor was called"


@pytest.mark.requirement("HC-04")
def test_a_body_is_read_to_a_bound(allowing_round: CheckRound) -> None:
    """However slowly a target reads: what ends the reading is a bound, and not the deadline."""
    check = allowing_round.only_check("floods")
    assert check.get("error") != "timeout", "an endless body was read until the deadline, which is no cap"
    megabytes = allowing_round.stub.flooded / 2**20
    assert megabytes <= 32, f"{megabytes:.0f} MiB of an endless body were read: bodies must be capped"
