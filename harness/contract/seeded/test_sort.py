"""Sort orders with their tie-breakers, over all vendors; the data is full of ties."""

import pytest

from harness.contract.client import Client
from harness.contract.diagnosis import ContractBroken
from harness.contract.expect import expect_json, expect_search
from harness.contract.paths import VENDORS
from harness.fixtures.model import Model
from harness.fixtures.search import Search, Sort
from harness.fixtures.shown import figures

QUERY = "weather"


@pytest.mark.requirement("API-04")
@pytest.mark.parametrize("query", [None, QUERY], ids=["all", "query"])
@pytest.mark.parametrize("sort", list(Sort))
def test_order_of_all(client: Client, model: Model, sort: Sort, query: str | None) -> None:
    for offset in (0, 100):
        search = Search(query=query, sort=sort, limit=100, offset=offset)
        expect_search(client.get(VENDORS, search.params()), model.search(search), model)


@pytest.mark.requirement("API-04")
@pytest.mark.parametrize("sort", list(Sort))
def test_order_within_a_category(client: Client, model: Model, sort: Sort) -> None:
    search = Search(categories=("finance",), sort=sort)
    expect_search(client.get(VENDORS, search.params()), model.search(search), model)


@pytest.mark.requirement("API-04")
def test_default_is_rating_without_a_query(client: Client, model: Model) -> None:
    search = Search(limit=100)
    expect_search(client.get(VENDORS, search.params()), model.search(search), model)


@pytest.mark.requirement("API-04")
def test_default_is_relevance_with_a_query(client: Client, model: Model) -> None:
    for query in (QUERY, "forecast", "data weather"):
        default = expect_json(client.get(VENDORS, {"q": query, "limit": 100}))
        response = client.get(VENDORS, {"q": query, "limit": 100, "sort": "relevance"})
        if _ids(default) != _ids(expect_json(response)):
            raise ContractBroken(
                "without `sort`, a query's results come in another order than under relevance",
                expected=str(_ids(expect_json(response))[:20]),
                observed=str(_ids(default)[:20]),
                asked=response.curl,
            )


@pytest.mark.requirement("API-04", "API-05")
@pytest.mark.parametrize("query", [QUERY, "forecast", "data"])
def test_relevance_over_all_pages(client: Client, model: Model, query: str) -> None:
    """Scores fall from the first page to the last, ties go by rating and id, and nobody is left out."""
    seen: list[tuple[float, float, int]] = []
    matching = {vendor.id: vendor for vendor in model.search(Search(query=query)).matching}
    size = 9 if not client.single else 40
    for offset in range(0, len(matching), size):
        search = Search(query=query, sort=Sort.RELEVANCE, limit=size, offset=offset)
        response = client.get(VENDORS, search.params())
        expect_search(response, model.search(search), model)
        for item in expect_json(response)["vendors"]:
            vendor = matching[item["id"]]
            seen.append((-item["relevanceScore"], -figures(vendor).rating, vendor.id))
        if seen != sorted(seen):
            at = next(i for i, pair in enumerate(sorted(seen)) if pair != seen[i])
            raise ContractBroken(
                "pages do not follow one order: score, then rating, then id",
                expected=f"vendor {sorted(seen)[at][2]} at place {at}",
                observed=f"vendor {seen[at][2]}",
                asked=response.curl,
            )
    missing = matching.keys() - {vendor_id for _, _, vendor_id in seen}
    if missing:
        raise ContractBroken(
            f"{len(missing)} vendors that match are on no page",
            expected=f"{len(matching)} vendors over all pages",
            observed=f"without {sorted(missing)[:10]}",
            asked=response.curl,
        )


def _ids(document: dict[str, list[dict[str, int]]]) -> list[int]:
    return [item["id"] for item in document["vendors"]]
