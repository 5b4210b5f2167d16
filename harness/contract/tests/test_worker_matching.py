"""A recorded check against a case."""

import pytest

from harness.contract.diagnosis import ContractBroken
from harness.contract.workers.cases import DOWN, UP, Case
from harness.contract.workers.matching import must_match
from harness.evidence import Json

ANSWERED = Case("answers 500", "http://x", "/", DOWN, 500, frozenset({"http_500"}))
FINE = Case("answers 200", "http://x", "/", UP, 200)


@pytest.mark.parametrize(
    ("case", "check"),
    [
        (ANSWERED, {"status": "down", "statusCode": 500, "error": "http_500"}),
        (FINE, {"status": "up", "statusCode": 200}),
    ],
)
def test_what_is_right_passes(case: Case, check: Json) -> None:
    must_match(case, check)


@pytest.mark.parametrize(
    ("case", "check"),
    [
        (ANSWERED, {"status": "degraded", "statusCode": 500, "error": "http_500"}),
        (ANSWERED, {"status": "down", "statusCode": 502, "error": "http_500"}),
        (ANSWERED, {"status": "down", "statusCode": 500, "error": "timeout"}),
        (ANSWERED, {"status": "down", "statusCode": 500}),
        (FINE, {"status": "up", "statusCode": 200, "error": "http_200"}),
    ],
)
def test_what_is_wrong_is_told(case: Case, check: Json) -> None:
    with pytest.raises(ContractBroken, match=case.name):
        must_match(case, check)
