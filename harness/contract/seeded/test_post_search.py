"""`POST /search`: the same search as a document."""

from typing import Any

import pytest

from harness.contract.client import Client
from harness.contract.diagnosis import ContractBroken
from harness.contract.expect import expect_json, expect_search
from harness.contract.explore import Exploring
from harness.contract.paths import SEARCH, VENDORS
from harness.contract.strategies import MAX_CATEGORIES, searches
from harness.fixtures.model import Model
from harness.fixtures.search import Search, Sort

MEGABYTE = 1024 * 1024
JSON = {"Content-Type": "application/json"}
EXAMPLES = (
    Search(),
    Search(query="forecast", sort=Sort.POPULAR),
    Search(categories=("finance", "translation")),
    Search(categories=("nowhere", "voice"), tags=("data",)),
    Search(min_uptime=99.0, max_latency=120, min_rating=3.0, verified=True, limit=5, offset=1),
)


@pytest.mark.requirement("DOC-04")
@pytest.mark.parametrize("search", EXAMPLES, ids=lambda search: str(search.body()))
def test_examples(client: Client, model: Model, search: Search) -> None:
    expect_search(client.post(SEARCH, search.body()), model.search(search), model)


@pytest.mark.requirement("DOC-04", "API-02", "API-03", "API-04", "API-05", "API-06")
def test_any_search(client: Client, model: Model, exploring: Exploring) -> None:
    def ask(search: Search) -> None:
        expect_search(client.post(SEARCH, search.body()), model.search(search), model)

    exploring(searches(model, categories=MAX_CATEGORIES), ask, share=2)


@pytest.mark.requirement("DOC-04")
def test_get_and_post_agree(client: Client, model: Model, exploring: Exploring) -> None:
    """Score by score: one search, whichever way it is asked."""

    def ask(search: Search) -> None:
        got = expect_json(client.get(VENDORS, search.params()))
        response = client.post(SEARCH, search.body())
        posted = expect_json(response)
        if _gist(got) != _gist(posted):
            raise ContractBroken(
                "GET /vendors and POST /search answer the same search differently",
                expected=str(_gist(got)),
                observed=str(_gist(posted)),
                asked=response.curl,
            )

    exploring(searches(model), ask, share=0.5)


@pytest.mark.requirement("DOC-04")
@pytest.mark.parametrize(
    "document", [{"query": ""}, {"tags": []}, {"categories": []}, {"verifiedOnly": False}], ids=str
)
def test_what_is_empty_filters_nothing(client: Client, model: Model, document: dict[str, object]) -> None:
    expect_search(client.post(SEARCH, document), model.search(Search()), model)


@pytest.mark.requirement("DOC-04")
@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON;charset=UTF-8"])
def test_a_charset_in_the_content_type_is_fine(client: Client, model: Model, kind: str) -> None:
    response = client.post(SEARCH, {"limit": 3}, headers={"Content-Type": kind})
    expect_search(response, model.search(Search(limit=3)), model)


@pytest.mark.requirement("DOC-04")
@pytest.mark.parametrize("size", [1_000_000, MEGABYTE])
def test_a_large_body_up_to_the_limit_is_fine(client: Client, model: Model, size: int) -> None:
    body = b'{"limit": 3' + b" " * (size - 12) + b"}"
    response = client.request("POST", SEARCH, body=body, headers=JSON)
    expect_search(response, model.search(Search(limit=3)), model)


def _gist(document: dict[str, Any]) -> tuple[object, ...]:
    vendors = [(v["id"], round(v.get("relevanceScore", 0), 6)) for v in document["vendors"]]
    return vendors, document["total"], document["hasMore"], document["categories"]
