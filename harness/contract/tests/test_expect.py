"""Each wrong answer to a search is noticed, and explained; each legal one is accepted."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.contract.diagnosis import ContractBroken
from harness.contract.errors import expect_error, expect_no_crash
from harness.contract.expect import expect_field, expect_json, expect_search
from harness.contract.tests.answers import response
from harness.contract.tests.toy import Document, search_document
from harness.fixtures.build import build_dataset
from harness.fixtures.model import Model
from harness.fixtures.search import Search, Sort

MODEL = Model(build_dataset(3, datetime(2026, 3, 1, tzinfo=UTC)))
POPULAR = Search(sort=Sort.POPULAR, limit=10, offset=5)
QUERY = Search(query="weather", limit=10)


def judge(search: Search, twist: Callable[[Document], None]) -> None:
    document = copy.deepcopy(search_document(MODEL, search))
    twist(document)
    expect_search(response(document), MODEL.search(search), MODEL)


def swap(document: Document) -> None:
    vendors = document["vendors"]
    vendors[3], vendors[4] = vendors[4], vendors[3]


def hidden(document: Document) -> None:
    inactive = next(v for v in MODEL.dataset.vendors if not v.active)
    document["vendors"][0] = document["vendors"][0] | {"id": inactive.id}


def change(name: str, value: Any) -> Callable[[Document], None]:
    return lambda document: document.update({name: value})


def change_vendor(name: str, value: Any) -> Callable[[Document], None]:
    return lambda document: document["vendors"][2].update({name: value})


WRONG: dict[str, tuple[Search, Callable[[Document], None], str]] = {
    "order": (POPULAR, swap, "goes before"),
    "inactive": (POPULAR, hidden, "is inactive"),
    "short page": (POPULAR, lambda d: d["vendors"].pop(), "belongs on this page"),
    "long page": (POPULAR, lambda d: d["vendors"].append(d["vendors"][0] | {"id": 10**6}), "no vendor has"),
    "twice": (POPULAR, lambda d: d["vendors"].__setitem__(1, d["vendors"][0]), "twice"),
    "total": (POPULAR, lambda d: d.update(total=d["total"] + 1), "total"),
    "total as text": (POPULAR, lambda d: d.update(total=str(d["total"])), "total"),
    "hasMore": (POPULAR, change("hasMore", False), "hasMore"),
    "hasMore as number": (POPULAR, change("hasMore", 1), "hasMore"),
    "facets": (POPULAR, lambda d: d["categories"].reverse(), "categories[0]"),
    "null for absent": (POPULAR, change_vendor("logoUrl", None), "logoUrl"),
    "score without a query": (POPULAR, change_vendor("relevanceScore", 0.5), "relevanceScore"),
    "wrong figure": (POPULAR, change_vendor("successRate", 12.34), "successRate"),
    "missing member": (POPULAR, lambda d: d["vendors"][0].pop("uniqueAgents"), "uniqueAgents"),
    "no list": (POPULAR, change("vendors", {}), "not a list of vendors"),
    "relevance order": (QUERY, swap, "goes before"),
    "relevance without scores": (
        QUERY,
        lambda d: d["vendors"][0].pop("relevanceScore"),
        "no relevance score",
    ),
    "score as text": (QUERY, change_vendor("relevanceScore", "0.5"), "no relevance score"),
    "not matching": (QUERY, change_vendor("id", 10**6), "no vendor has the id"),
    "relevance, short": (QUERY, lambda d: d["vendors"].pop(), "belongs on this page"),
    "scores, other sort": (
        Search(query="weather", sort=Sort.RECENT),
        lambda d: d["vendors"][0].pop("relevanceScore"),
        "no relevance score",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_explained(name: str) -> None:
    search, twist, says = WRONG[name]
    with pytest.raises(ContractBroken) as caught:
        judge(search, twist)
    assert says in str(caught.value)
    assert "curl" in str(caught.value)


def rescored(document: Document) -> None:
    for place, vendor in enumerate(document["vendors"]):
        vendor["relevanceScore"] = 1000.0 - place


def as_it_is(document: Document) -> None:
    """Nothing is changed."""


def more_members(document: Document) -> None:
    document["vendors"][0].update(more=[1], _links=None)
    document.update(took=3)


def members_reversed(document: Document) -> None:
    document["vendors"] = [dict(reversed(vendor.items())) for vendor in document["vendors"]]


def with_a_point(document: Document) -> None:
    for vendor in document["vendors"]:
        vendor["totalRequests"] = float(vendor["totalRequests"])


LEGAL: dict[str, tuple[Search, Callable[[Document], None]]] = {
    "as it is": (POPULAR, as_it_is),
    "more members": (POPULAR, more_members),
    "other order of members": (POPULAR, members_reversed),
    "whole numbers with a point": (POPULAR, with_a_point),
    "other scores": (QUERY, rescored),
}


@pytest.mark.parametrize("name", LEGAL)
def test_a_legal_variant_is_accepted(name: str) -> None:
    judge(*LEGAL[name])


@pytest.mark.parametrize("fraction", ["", ".0", ".000", ".000000", ".0004"])
def test_moments_may_have_any_fraction(fraction: str) -> None:
    def respell(document: Document) -> None:
        for vendor in document["vendors"]:
            if isinstance(vendor["lastRequestAt"], datetime):
                vendor["lastRequestAt"] = vendor["lastRequestAt"].strftime(f"%Y-%m-%dT%H:%M:%S{fraction}Z")

    judge(POPULAR, respell)


def test_moments_must_end_in_z() -> None:
    def respell(document: Document) -> None:
        moments = [v for v in document["vendors"] if isinstance(v["lastRequestAt"], datetime)]
        moments[0]["lastRequestAt"] = moments[0]["lastRequestAt"].isoformat()

    with pytest.raises(ContractBroken, match="ending in Z"):
        judge(POPULAR, respell)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (response({}, status=500), "HTTP 500"),
        (response(b"<html>"), "not JSON"),
        (response(b'{"total": NaN}'), "not JSON"),
        (response([1]), "not an object"),
        (response({}, content_type="text/html"), "not declared as JSON"),
    ],
)
def test_answers_that_are_no_documents(given: Any, says: str) -> None:
    with pytest.raises(ContractBroken, match=says):
        expect_json(given)


def test_a_field_that_is_not_there_is_named() -> None:
    assert expect_field(response({"checks": []}), "checks") == []
    with pytest.raises(ContractBroken, match="no `checks`"):
        expect_field(response({"check": []}), "checks")
    with pytest.raises(ContractBroken, match="HTTP 404"):
        expect_field(response({"error": "not_found"}, status=404), "checks")


def test_a_charset_may_be_declared() -> None:
    assert expect_json(response({"a": 1}, content_type="application/json; charset=utf-8")) == {"a": 1}


ERROR = {"error": "invalid_request", "message": "limit must be at most 100"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (response(ERROR, status=200), "HTTP 200"),
        (response(ERROR, status=422), "HTTP 422"),
        (response(ERROR | {"error": "bad_request"}, status=400), "not as documented"),
        (response(ERROR | {"error": "not_found"}, status=400), "not as documented"),
        (response(ERROR | {"message": "no"}, status=400), "names 'limit'"),
        (response({"error": ERROR}, status=400), "both texts"),
        (response(b"Bad Request", status=400), "not JSON"),
    ],
)
def test_wrong_errors(given: Any, says: str) -> None:
    with pytest.raises(ContractBroken) as caught:
        expect_error(given, "invalid_request", names="limit")
    assert says in str(caught.value)


def test_right_errors_may_say_more_in_other_words() -> None:
    expect_error(
        response(ERROR | {"message": "`limit`: nope", "field": 1}, status=400),
        "invalid_request",
        names="limit",
    )


def test_odd_input_may_be_served_or_refused() -> None:
    expect_no_crash(response({}))
    expect_no_crash(response(ERROR, status=400))
    for given in (
        response(b"oops", status=400),
        response({"error": "internal_error", "message": "x"}, status=500),
    ):
        with pytest.raises(ContractBroken):
            expect_no_crash(given)
