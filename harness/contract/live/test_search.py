"""Searches of unknown data: every result satisfies its filters, and filters only ever narrow."""

from collections.abc import Callable

import pytest

from harness.contract.client import Client
from harness.contract.expect import require
from harness.contract.live.asking import (
    PAGE,
    Filters,
    Item,
    counts,
    middle,
    persistently,
    sample,
    search,
)
from harness.fixtures.vocabulary import STOP_WORDS

FILTERS = ("min_uptime", "min_rating", "max_latency", "verified", "category", "tags")
_SHORTEST_WORD = 4


def filter_from(vendors: list[Item], name: str) -> Filters:
    """A filter that lets some of the vendors through and, where they differ, not all."""
    first = vendors[0]
    values = {
        "min_uptime": middle([v["uptimePct"] for v in vendors]),
        "min_rating": middle([v["ratingScore"] for v in vendors]),
        "max_latency": round(middle([v["avgLatencyMs"] for v in vendors])),
        "verified": True,
        "category": first["category"],
        "tags": next((tag for v in vendors for tag in v["tags"] if tag and "," not in tag), ""),
    }
    return {name: values[name]}


def satisfies(item: Item, filters: Filters) -> bool:
    tests: dict[str, Callable[[], bool]] = {
        "min_uptime": lambda: item["uptimePct"] >= float(filters["min_uptime"]),
        "min_rating": lambda: item["ratingScore"] >= float(filters["min_rating"]),
        "max_latency": lambda: 0 < item["avgLatencyMs"] <= float(filters["max_latency"]),
        "verified": lambda: item["isVerified"],
        "category": lambda: item["category"] == filters["category"],
        "tags": lambda: not filters["tags"] or filters["tags"] in item["tags"],
    }
    return all(tests[name]() for name in filters)


def word_of(item: Item) -> str:
    """A word of the name that every English stemmer finds again by itself."""
    return next(
        (
            word
            for word in str(item["serviceName"]).split()
            if word.isascii()
            and word.isalpha()
            and len(word) >= _SHORTEST_WORD
            and word.lower() not in STOP_WORDS
        ),
        "",
    )


@pytest.mark.requirement("API-01", "DOC-02")
def test_without_parameters(client: Client) -> None:
    response, document = search(client)
    expected = min(20, document["total"])
    seen = len(document["vendors"])
    require(
        seen == expected,
        "the default page is another",
        response,
        expected=f"{expected} vendors",
        observed=seen,
    )


@pytest.mark.requirement("API-03", "API-06")
@pytest.mark.parametrize("name", FILTERS)
def test_results_satisfy_a_filter(client: Client, name: str) -> None:
    filters = filter_from(sample(client), name)
    check_filter(client, filters)


@pytest.mark.requirement("API-06")
@pytest.mark.parametrize(("one", "other"), [(a, b) for i, a in enumerate(FILTERS) for b in FILTERS[i + 1 :]])
def test_results_satisfy_two_filters(client: Client, one: str, other: str) -> None:
    vendors = sample(client)
    check_filter(client, {**filter_from(vendors, one), **filter_from(vendors, other)})


def check_filter(client: Client, filters: Filters) -> None:
    """Several filters find no more than each of them alone, and one no more than none."""
    wider: list[Filters] = [{name: value} for name, value in filters.items()] if len(filters) > 1 else [{}]

    def check() -> None:
        before = min(search(client, one, limit=1)[1]["total"] for one in wider)
        response, document = search(client, filters, limit=PAGE)
        wrong = [v["id"] for v in document["vendors"] if not satisfies(v, filters)]
        require(
            not wrong,
            "results do not satisfy the filter",
            response,
            expected=str(dict(filters)),
            observed=wrong,
        )
        total = document["total"]
        narrow = total <= before
        require(narrow, "a filter adds results", response, expected=f"at most {before}", observed=total)
        kept = sum(satisfies(v, filters) for v in sample(client))
        require(
            total >= kept, "a filter loses results", response, expected=f"at least {kept}", observed=total
        )

    persistently(check)


@pytest.mark.requirement("API-02")
def test_a_vendor_is_found_by_a_word_of_its_name(client: Client) -> None:
    vendors = [v for v in sample(client) if word_of(v)][:5]
    for vendor in vendors:
        word = word_of(vendor)
        filters = {"q": word, "category": vendor["category"]}
        response, document = search(client, filters, limit=PAGE)
        found = [v["id"] for v in document["vendors"]]
        whole = document["total"] <= PAGE
        require(
            vendor["id"] in found or (not whole and len(found) == PAGE),
            f"{vendor['serviceName']!r} is not found by {word!r}",
            response,
            expected=f"vendor {vendor['id']} among the results",
            observed=found[:20],
        )


@pytest.mark.requirement("API-02")
def test_case_does_not_count(client: Client) -> None:
    word = next((word_of(v) for v in sample(client) if word_of(v)), "weather")

    def check() -> None:
        lower = search(client, q=word.lower(), limit=1)[1]["total"]
        response, document = search(client, q=word.upper(), limit=1)
        total = document["total"]
        require(
            total == lower, "case counts in a query", response, expected=f"{lower} vendors", observed=total
        )

    persistently(check)


@pytest.mark.requirement("API-02")
@pytest.mark.parametrize("query", ["the of and", "%", "_", "zqxjkvwy"])
def test_nothing_is_found_by_nothing(client: Client, query: str) -> None:
    response, document = search(client, q=query)
    require(
        document["total"] == 0,
        "something is found",
        response,
        expected="0 vendors",
        observed=document["total"],
    )


@pytest.mark.requirement("API-03")
def test_facets_add_up(client: Client) -> None:
    """The facets of everything sum up to everything, and each one is that category's total."""

    def check() -> None:
        response, document = search(client, limit=1)
        facets, total = counts(document["categories"]), document["total"]
        counted = sum(count for _, count in facets)
        require(counted == total, "facets do not add up", response, expected=str(total), observed=counted)
        for category, count in [facet for facet in facets if facet[0]][:5]:
            response, narrowed = search(client, category=category, limit=1)
            total, others = narrowed["total"], counts(narrowed["categories"])
            require(
                total == count,
                "a facet is not its category's total",
                response,
                expected=f"{count} in {category}",
                observed=total,
            )
            same = others == facets
            require(same, "facets follow the category", response, expected=str(facets), observed=others)

    persistently(check)


@pytest.mark.requirement("API-02")
def test_scores_come_with_a_query_only(client: Client) -> None:
    word = next((word_of(v) for v in sample(client) if word_of(v)), "")
    for filters, wanted in (({"q": word}, True), ({}, False)):
        if filters.get("q") == "":
            continue
        response, document = search(client, filters)
        with_score = [v["id"] for v in document["vendors"] if "relevanceScore" in v]
        expected = len(document["vendors"]) if wanted else 0
        told = "a score on each" if wanted else "no score"
        require(len(with_score) == expected, "relevanceScore", response, expected=told, observed=with_score)
