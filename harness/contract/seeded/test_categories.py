"""`GET /categories`."""

import pytest

from harness.contract.client import Client
from harness.contract.expect import expect_document, facet_documents
from harness.contract.paths import CATEGORIES
from harness.fixtures.model import Model


@pytest.mark.requirement("API-12")
def test_counts_and_order(client: Client, model: Model) -> None:
    expected = {"categories": facet_documents(model.categories())}
    expect_document(
        client.get(CATEGORIES), expected, reason="active vendors only; count descending, then name"
    )
