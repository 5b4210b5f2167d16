"""One truth, however it is asked for: GET and POST, id and slug, search and details, lists and counts."""

from itertools import pairwise
from urllib.parse import quote

import pytest

from harness.contract import shapes
from harness.contract.client import Client
from harness.contract.compare import differences, moment
from harness.contract.expect import expect_json, report, require
from harness.contract.live.asking import Filters, Item, counts, persistently, sample, search
from harness.contract.live.test_search import word_of
from harness.contract.paths import CATEGORIES, FEATURED, QUICK_SEARCH, SEARCH, VENDORS
from harness.fixtures.model import starts_a_word

FEW = 5


@pytest.mark.requirement("DOC-04")
def test_get_and_post_agree(client: Client) -> None:
    vendors = sample(client)
    first = vendors[0]
    word = next((word_of(v) for v in vendors if word_of(v)), "weather")
    for params, document in (
        ({}, {}),
        ({"q": word}, {"query": word}),
        (
            {"category": first["category"], "sort": "popular"},
            {"categories": [first["category"]], "sortBy": "popular"},
        ),
        (
            {"min_rating": 4.0, "verified": True, "limit": 7},
            {"minRating": 4.0, "verifiedOnly": True, "limit": 7},
        ),
        (
            {"min_uptime": 99.0, "max_latency": 500, "offset": 3},
            {"minUptime": 99.0, "maxLatency": 500, "offset": 3},
        ),
    ):
        agree(client, params, document)


def agree(client: Client, params: Filters, document: Item) -> None:
    def check() -> None:
        got = search(client, params)[1]
        response = client.post(SEARCH, document)
        posted = expect_json(response)
        report(response, shapes.search_faults(posted))
        for answered in (got, posted):
            answered["categories"] = counts(answered["categories"])
        for name in ("total", "hasMore", "categories"):
            same = got[name] == posted[name]
            require(
                same, f"POST gives another {name}", response, expected=str(got[name]), observed=posted[name]
            )
        ids = [v["id"] for v in got["vendors"]]
        others = [v["id"] for v in posted["vendors"]]
        require(ids == others, "POST gives other vendors", response, expected=str(ids), observed=others)

    persistently(check)


@pytest.mark.requirement("API-08", "API-09", "DOC-02")
def test_details_by_id_and_slug_confirm_the_search(client: Client) -> None:
    def check() -> None:
        for item in sample(client)[:FEW]:
            response = client.get(f"{VENDORS}/{item['id']}")
            document = expect_json(response)
            report(response, shapes.DETAILS.faults(document, "answer"))
            report(response, shapes.METRICS.faults(document["metrics"], "metrics"))
            for endpoint in document["endpoints"]:
                report(response, shapes.ENDPOINT.faults(endpoint, "endpoints"))
            shown = {k: v for k, v in shapes.RESULT.of(item).items() if k != "relevanceScore"}
            report(response, differences(shown, document))
            by_slug = client.get(f"{VENDORS}/{quote(item['slug'], safe='')}")
            report(by_slug, differences(_details(document), expect_json(by_slug)))

    persistently(check)


def _details(document: Item) -> Item:
    """All that the contract names of a vendor's details."""
    endpoints = [shapes.ENDPOINT.of(endpoint) for endpoint in document["endpoints"]]
    metrics = shapes.METRICS.of(document["metrics"])
    return {**shapes.DETAILS.of(document), "metrics": metrics, "endpoints": endpoints}


@pytest.mark.requirement("API-11")
def test_health_checks_are_newest_first(client: Client) -> None:
    for item in sample(client)[:FEW]:
        response = client.get(f"{VENDORS}/{item['id']}/health")
        document = expect_json(response)
        report(response, differences({"vendorId": item["id"]}, document))
        checks = document["checks"]
        require(
            len(checks) <= 24, "more than the default limit", response, expected="≤ 24", observed=len(checks)
        )
        for check in checks:
            report(response, shapes.CHECK.faults(check, "checks"))
        moments = [moment(check["checkedAt"]) for check in checks]
        ordered = all(a and b and a >= b for a, b in pairwise(moments))
        require(ordered, "not newest first", response, expected="checkedAt descending", observed=moments[:5])
        few = expect_json(client.get(f"{VENDORS}/{item['id']}/health", {"limit": 1}))["checks"]
        require(len(few) <= 1, "limit is not kept", response, expected="1 check", observed=len(few))


def _facet_order(facet: tuple[str, int]) -> tuple[int, str]:
    name, count = facet
    return -count, name


def _in_order(facets: list[tuple[str, int]]) -> bool:
    """By count, then name; how names that are not of small letters sort is the collation's business."""
    plain = [facet for facet in facets if facet[0].isascii() and facet[0].isalpha() and facet[0].islower()]
    numbers = [count for _, count in facets]
    return numbers == sorted(numbers, reverse=True) and plain == sorted(plain, key=_facet_order)


@pytest.mark.requirement("API-12")
def test_categories_are_the_facets_of_everything(client: Client) -> None:
    def check() -> None:
        facets = search(client, limit=1)[1]["categories"]
        response = client.get(CATEGORIES)
        categories = expect_json(response)["categories"]
        for facet in categories:
            report(response, shapes.FACET.faults(facet, "categories"))
        shown, expected = counts(categories), counts(facets)
        same = shown == expected
        require(same, "categories differ from the facets", response, expected=str(expected), observed=shown)
        ordered = sorted(shown, key=_facet_order)
        require(_in_order(shown), "not by count, then name", response, expected=str(ordered), observed=shown)

    persistently(check)


@pytest.mark.requirement("API-07")
def test_featured_vendors_are_in_order(client: Client) -> None:
    response = client.get(FEATURED, {"limit": 20})
    vendors = expect_json(response)["vendors"]
    for place, vendor in enumerate(vendors):
        report(response, shapes.RESULT.faults(vendor, f"vendors[{place}]"))
    keys = [(v["featuredOrder"], v["id"]) for v in vendors]
    require(keys == sorted(keys), "not by featuredOrder", response, expected=str(sorted(keys)), observed=keys)
    for limit in (1, 3, None):
        response = client.get(FEATURED, {"limit": limit} if limit else {})
        ids = [v["id"] for v in expect_json(response)["vendors"]]
        expected = [v["id"] for v in vendors][: limit or 10]
        require(ids == expected, "limit is not kept", response, expected=str(expected), observed=ids)


@pytest.mark.requirement("API-13")
def test_quick_search_finds_starts_of_words(client: Client) -> None:
    for item in [v for v in sample(client) if word_of(v)][:FEW]:
        prefix = word_of(item)[:4]
        response = client.get(QUICK_SEARCH, {"q": prefix.upper(), "limit": 10})
        results = expect_json(response)["results"]
        for place, result in enumerate(results):
            report(response, shapes.QUICK_RESULT.faults(result, f"results[{place}]"))
        names = [r["serviceName"] for r in results]
        wrong = [name for name in names if not starts_a_word(prefix.lower(), name)]
        require(
            bool(names) and not wrong,
            "not starts of words",
            response,
            expected=prefix,
            observed=wrong or names,
        )
        first = [not name.lower().startswith(prefix.lower()) for name in names]
        require(
            first == sorted(first),
            "names that start with q go first",
            response,
            expected=prefix,
            observed=names,
        )
