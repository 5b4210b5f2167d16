"""Search over PostgreSQL: what matches, in which order, how many, and which facets."""

from urllib.parse import quote

import pytest

from reference_service.tests.api.service import NOW, Api, metrics, vendor


def ids(api: Api, query: str) -> list[int]:
    return [item["id"] for item in api.get(f"/vendors?{query}").json()["vendors"]]


def test_words_are_anded_and_stemmed_over_name_description_category_and_tags(api: Api) -> None:
    api.load(
        vendor(1, serviceName="Weather Forecasts"),
        vendor(2, description="forecasting the weather"),
        vendor(3, category="weather", tags=["forecast"]),
        vendor(4, serviceName="Weather"),
        vendor(5, serviceName="Weather Forecasts", status="inactive"),
    )
    assert sorted(ids(api, "q=the+weather+forecast")) == [1, 2, 3]


@pytest.mark.parametrize("q", ["the", "?!", "% _ ' \" & | ! <->", "the & of", " "])
def test_stop_words_and_punctuation_match_nothing(api: Api, q: str) -> None:
    api.load(vendor(1, serviceName="The % of _ ' weather"))
    assert api.get(f"/vendors?q={quote(q)}").json() == {
        "vendors": [],
        "total": 0,
        "hasMore": False,
        "categories": [],
    }


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("café", [1]),
        ("cafe", [2]),
        ("CAFÉ", [1]),
        ("weather | nothing", []),
        ("wea:*", []),
        ("'weather' & !rain", []),
        ('"weather"', [3]),
        ("<weather>", [3]),
        ("sun☀", [4]),
        ("sun", [4]),
        ("٣", [5]),
    ],
)
def test_operators_are_plain_text_and_accents_count(api: Api, q: str, found: list[int]) -> None:
    api.load(
        vendor(1, serviceName="Café"),
        vendor(2, serviceName="Cafe"),
        vendor(3, serviceName="Weather"),
        vendor(4, serviceName="☀sun☀"),
        vendor(5, serviceName="Top ٣"),
    )
    assert ids(api, f"q={quote(q)}") == found


def test_relevance_weighs_the_name_over_tags_over_the_description(api: Api) -> None:
    api.load(
        vendor(1, description="rain"),
        vendor(2, tags=["rain"]),
        vendor(3, serviceName="Rain"),
        vendor(4, serviceName="Rain", metrics=metrics(ratingScore=1)),
    )
    found = api.get("/vendors?q=rain").json()["vendors"]
    assert [item["id"] for item in found] == [3, 4, 2, 1]
    assert found[0]["relevanceScore"] == found[1]["relevanceScore"] > found[2]["relevanceScore"]


def test_relevance_is_shown_only_with_a_query(api: Api) -> None:
    api.load(vendor(1))
    assert "relevanceScore" not in api.get("/vendors").json()["vendors"][0]


FIGURES = (
    vendor(1, metrics=metrics(ratingScore=4.5, totalRequests=10, uptimePct=99.9, avgLatencyMs=0)),
    vendor(2, metrics=metrics(ratingScore=4.5, totalRequests=20, uptimePct=99.9, avgLatencyMs=10.5)),
    vendor(3, metrics=metrics(ratingScore=4.9, totalRequests=5, uptimePct=90, avgLatencyMs=10.25)),
    vendor(4, metrics=metrics(ratingScore=4.9, totalRequests=5, uptimePct=90, lastRequestAt=None)),
    vendor(5),  # the starting values: uptime 100, rating 5, no requests, latency unknown
)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("rating", [5, 3, 4, 2, 1]),
        ("relevance", [5, 3, 4, 2, 1]),
        ("uptime", [5, 1, 2, 3, 4]),
        ("popular", [2, 1, 3, 4, 5]),
        ("fastest", [3, 2, 4, 5, 1]),
        ("recent", [1, 2, 3, 4, 5]),
    ],
)
def test_sorts_and_their_tie_breakers(api: Api, sort: str, order: list[int]) -> None:
    api.load(*FIGURES)
    assert ids(api, f"sort={sort}") == order


def test_the_default_sort_is_rating(api: Api) -> None:
    api.load(*FIGURES)
    assert ids(api, "") == ids(api, "sort=rating")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("min_uptime=99.9", [1, 2, 5]),
        ("min_uptime=99.91", [5]),
        ("min_rating=4.9", [3, 4, 5]),
        ("max_latency=10.5", [2, 3]),
        ("max_latency=0", []),
        ("min_rating=4.6&max_latency=45", [3, 4]),
    ],
)
def test_filters_go_by_the_figures_shown(api: Api, filters: str, found: list[int]) -> None:
    api.load(*FIGURES)
    assert sorted(ids(api, filters)) == found


def test_tags_must_all_match_and_verified_false_filters_nothing(api: Api) -> None:
    api.load(
        vendor(1, tags=["a", "b"], isVerified=True), vendor(2, tags=["a"]), vendor(3, tags=["a", "b", "c"])
    )
    assert ids(api, "tags=a,b") == ids(api, "tags=b,a") == [1, 3]
    assert ids(api, "tags=a,b&verified=true") == [1]
    assert ids(api, "verified=false") == [1, 2, 3]


def test_facets_follow_every_filter_but_the_category(api: Api) -> None:
    api.load(
        *(vendor(n, category="b", tags=["x"]) for n in (1, 2)),
        vendor(3, category="c", tags=["x"]),
        vendor(4, category="B", tags=["x"]),
        vendor(5, category="b"),
    )
    answer = api.get("/vendors?tags=x&category=c").json()
    assert (answer["total"], [item["id"] for item in answer["vendors"]]) == (1, [3])
    assert answer["categories"] == [
        {"category": "b", "count": 2},
        {"category": "B", "count": 1},
        {"category": "c", "count": 1},
    ]


def test_pages_are_disjoint_and_cover_the_total(api: Api) -> None:
    api.load(*(vendor(n) for n in range(1, 8)))
    pages = [api.get(f"/vendors?limit=3&offset={offset}").json() for offset in (0, 3, 6, 7, 9**30)]
    assert [[item["id"] for item in page["vendors"]] for page in pages] == [[1, 2, 3], [4, 5, 6], [7], [], []]
    assert [page["hasMore"] for page in pages] == [True, True, False, False, False]
    assert {page["total"] for page in pages} == {7}


def test_a_body_asks_for_the_same_as_a_query_string(api: Api) -> None:
    api.load(*FIGURES)
    asked = api.search(b'{"minRating": 4.9, "sortBy": "popular", "categories": ["data", "none"], "limit": 2}')
    assert asked.json() == api.get("/vendors?min_rating=4.9&sort=popular&category=data&limit=2").json()


def test_optional_fields_are_left_out(api: Api) -> None:
    api.load(vendor(1, tags=["a"]))
    assert api.get("/vendors").json()["vendors"] == [
        {
            "id": 1,
            "appId": "mp_app_1",
            "slug": "vendor-1",
            "serviceName": "Vendor 1",
            "description": "",
            "category": "data",
            "defaultPriceUsd": 0.001,
            "tags": ["a"],
            "isVerified": False,
            "uptimePct": 100,
            "avgLatencyMs": 0,
            "ratingScore": 5,
            "totalRequests": 0,
            "successRate": 100,
            "uniqueAgents": 0,
        }
    ]


def test_timestamps_are_in_utc(api: Api) -> None:
    api.load(vendor(1, metrics=metrics(lastRequestAt="2026-03-04T07:06:07.891+02:00")))
    shown = api.get("/vendors").json()["vendors"][0]["lastRequestAt"]
    assert shown == NOW.replace("891Z", "891000Z")
