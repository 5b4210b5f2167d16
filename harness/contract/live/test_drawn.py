"""Requests that schemathesis draws from a document: examples, coverage, fuzzing, and walks along links."""

import pytest

from harness.contract.generated.trial import ITS_OWN, OURS, Trial, gist
from harness.contract.paths import OPERATIONS, OTHER
from harness.errors import CouldNotDecideError


@pytest.mark.requirement("DOC-02", "DOC-05", "CHK-41")
@pytest.mark.parametrize("operation", [*OPERATIONS, OTHER])
def test_every_answer_is_as_documented(drawn: Trial, operation: str) -> None:
    errors = drawn.wait().errors.get(OURS)
    if errors:
        raise CouldNotDecideError(f"requests could not be drawn: {errors[0]}")
    found = drawn.of(OURS, operation)
    if found:
        raise gist(found)


@pytest.mark.should
@pytest.mark.requirement("DOC-02")
def test_its_own_document_tells_the_truth(drawn: Trial) -> None:
    """What a target says of itself beyond the contract is its own word, but others will rely on it."""
    if all(document.name != ITS_OWN for document in drawn.order.documents):
        pytest.skip("the target serves no OpenAPI document at /openapi.yaml or /openapi.json")
    errors = drawn.wait().errors.get(ITS_OWN, [])
    assert not errors, f"requests could not be drawn from it: {errors[0]}"
    found = drawn.of(ITS_OWN)
    if found:
        raise gist(found)
