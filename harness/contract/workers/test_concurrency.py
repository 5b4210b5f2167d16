"""Many vendors at once, and no mixing up of their answers."""

import pytest

from harness.contract.workers import cases
from harness.contract.workers.rounds import CheckRound

AT_ONCE = 10


@pytest.mark.requirement("HC-06")
def test_vendors_are_checked_at_the_same_time(allowing_round: CheckRound) -> None:
    assert allowing_round.stub.peak >= 2, "checks ran one after another"
    assert allowing_round.stub.peak <= AT_ONCE, (
        f"{allowing_round.stub.peak} checks ran at once, {AT_ONCE} are allowed"
    )


@pytest.mark.requirement("HC-06")
@pytest.mark.parametrize("code", cases.HELD)
def test_each_vendor_gets_its_own_answer_once(allowing_round: CheckRound, code: int) -> None:
    check = allowing_round.only_check(f"holds and answers {code}")
    assert check["statusCode"] == code, "the answer of another vendor was recorded"
    assert allowing_round.stub.visited(f"/hold/{code}") == 1
