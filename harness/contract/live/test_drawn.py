"""Requests that schemathesis draws from a document: examples, coverage, fuzzing, and walks along links."""

import pytest

from harness.contract.diagnosis import ContractBroken
from harness.contract.generated.judging import grave, judge, must_be_drawn
from harness.contract.generated.trial import ITS_OWN, OURS, Trial
from harness.contract.paths import OPERATIONS, OTHER


@pytest.mark.requirement("DOC-02", "DOC-05", "CHK-41")
@pytest.mark.parametrize("operation", [*OPERATIONS, OTHER])
def test_every_answer_is_as_documented(drawn: Trial, operation: str) -> None:
    if operation == OTHER and not drawn.document(OURS).other_methods:
        pytest.skip("this target is only read: methods that must be refused are not tried")
    judge(drawn.of(OURS, operation), drawn.wait(), OURS)
    must_be_drawn(drawn.wait(), OURS, operation)


def _needs_its_own(drawn: Trial) -> None:
    if all(document.name != ITS_OWN for document in drawn.order.documents):
        pytest.skip("the target serves no OpenAPI document at /openapi.yaml or /openapi.json")


@pytest.mark.requirement("DOC-02", "CHK-41")
def test_nothing_breaks_by_its_own_document(drawn: Trial) -> None:
    _needs_its_own(drawn)
    judge([finding for finding in drawn.of(ITS_OWN) if grave(finding)], drawn.wait(), ITS_OWN)


@pytest.mark.should
@pytest.mark.requirement("DOC-02")
def test_its_own_document_tells_the_truth(drawn: Trial) -> None:
    """What a target says of itself beyond the contract is its own word, but others will rely on it."""
    _needs_its_own(drawn)
    errors = drawn.wait().errors.get(ITS_OWN)
    if errors:
        raise ContractBroken(f"requests could not be drawn from it: {errors[0]}")
    judge([finding for finding in drawn.of(ITS_OWN) if not grave(finding)], drawn.wait(), ITS_OWN)
