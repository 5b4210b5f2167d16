"""`GET /vendors/featured`."""

import pytest

from harness.contract.client import Client, Params
from harness.contract.compare import differences
from harness.contract.expect import expect_json, expect_vendors, report
from harness.contract.paths import FEATURED
from harness.fixtures.model import Model
from harness.fixtures.shown import ABSENT


@pytest.mark.requirement("API-07")
@pytest.mark.parametrize("limit", [None, 1, 2, 9, 10, 11, 19, 20])
def test_order_and_limit(client: Client, model: Model, limit: int | None) -> None:
    params: Params = {} if limit is None else {"limit": limit}
    response = client.get(FEATURED, params)
    observed = expect_json(response).get("vendors")
    expected = model.featured() if limit is None else model.featured(limit)
    expect_vendors(
        response, expected, observed, why="by featuredOrder, then id; inactive vendors do not show"
    )
    for place, item in enumerate(observed or []):
        report(response, differences({"relevanceScore": ABSENT}, item, f"vendors[{place}]"))
