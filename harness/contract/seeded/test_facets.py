"""Facets: counts by every filter but the category."""

import pytest

from harness.contract.client import Client
from harness.contract.compare import differences
from harness.contract.expect import expect_json, expect_search, facet_documents, report
from harness.contract.paths import SEARCH, VENDORS
from harness.fixtures.model import Model
from harness.fixtures.search import Search

FILTERS = (
    Search(),
    Search(query="forecast"),
    Search(query="the"),
    Search(tags=("data",)),
    Search(min_rating=4.5),
    Search(min_uptime=99.9),
    Search(max_latency=100),
    Search(verified=True),
    Search(query="data", min_rating=4.0, verified=True),
)
CATEGORIES = ("finance", "weather", "voice", "nowhere")


@pytest.mark.requirement("API-03")
@pytest.mark.parametrize("search", FILTERS, ids=lambda search: str(search.body()))
def test_facets_leave_the_category_filter_out(client: Client, model: Model, search: Search) -> None:
    expected = {"categories": facet_documents(model.search(search).facets)}
    for category in CATEGORIES:
        response = client.get(VENDORS, [*search.params(), ("category", category)])
        report(
            response, differences(expected, expect_json(response)), reason="facets ignore `category` alone"
        )


@pytest.mark.requirement("API-03", "DOC-04")
def test_facets_leave_several_categories_out(client: Client, model: Model) -> None:
    search = Search(categories=("finance", "voice"), min_rating=4.0)
    expect_search(client.post(SEARCH, search.body()), model.search(search), model)


@pytest.mark.requirement("API-03", "API-05")
def test_facets_do_not_depend_on_the_page(client: Client, model: Model) -> None:
    for limit, offset in ((1, 0), (100, 0), (1, 5), (10, 10_000)):
        search = Search(query="forecast", limit=limit, offset=offset)
        expect_search(client.get(VENDORS, search.params()), model.search(search), model)
