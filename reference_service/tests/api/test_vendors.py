"""Details, health history, featured vendors, categories and quick search."""

from urllib.parse import quote

import pytest

from reference_service.tests.api.service import NOW, Api, metrics, vendor


def test_details_by_id_and_by_slug_are_the_same(api: Api) -> None:
    endpoint = {"method": "GET", "path": "/now", "name": "Now", "priceUsd": "0.0005"}
    api.load(vendor(1, slug="1st", metrics=metrics(), endpoints=[endpoint], websiteUrl="http://w.test"))
    found = api.get("/vendors/1").json()
    assert found == api.get("/vendors/1st").json() == api.get("/vendors/0001").json()
    assert found["endpoints"] == [{"method": "GET", "path": "/now", "name": "Now", "priceUsd": 0.0005}]
    assert found["metrics"]["totalRevenueUsd"] == "12.500000"
    assert (found["websiteUrl"], found["uptimePct"], found["metrics"]["p99LatencyMs"]) == (
        "http://w.test",
        99.5,
        250,
    )


def test_a_vendor_without_metrics_shows_the_starting_values(api: Api) -> None:
    api.load(vendor(1))
    assert api.get("/vendors/1").json()["metrics"] == {
        "uptimePct": 100,
        "avgLatencyMs": 0,
        "p95LatencyMs": 0,
        "p99LatencyMs": 0,
        "ratingScore": 5,
        "totalRequests": 0,
        "successRate": 100,
        "errorRate": 0,
        "uniqueAgents": 0,
        "totalRevenueUsd": "0.000000",
    }


@pytest.mark.parametrize("health", ["", "/health"])
@pytest.mark.parametrize(
    "key",
    [
        "2",
        "vendor-2",
        "3",
        "9" * 19,
        "9" * 4000,
        "VENDOR-1",
        "vendor-1%20",
        "%D9%A1",
        "%FF",
        "",
        "featured%2F",
        "-1",
    ],
)
def test_unknown_and_inactive_vendors_do_not_exist(api: Api, key: str, health: str) -> None:
    api.load(vendor(1), vendor(2, status="inactive"))
    answer = api.get(f"/vendors/{key}{health}")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/vendors/%00", "/vendors/a%00b/health"])
def test_a_nul_in_the_path_is_refused_by_name(api: Api, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("idOrSlug ")


def test_health_history_is_newest_first_and_limited(api: Api) -> None:
    checks = [
        {"status": "up", "responseTimeMs": 41.5, "statusCode": 200, "checkedAt": "2026-03-04T00:00:00Z"},
        {"status": "down", "error": "timeout", "checkedAt": "2026-03-04T00:02:00Z"},
        {"status": "degraded", "statusCode": 404, "error": "http_404", "checkedAt": "2025-11-30T23:59:59Z"},
        {"status": "up", "responseTimeMs": 3, "checkedAt": "2026-03-04T00:02:00Z"},
    ]
    api.load(vendor(1, healthChecks=checks), vendor(2))
    assert api.get("/vendors/vendor-1/health?limit=3").json() == {
        "vendorId": 1,
        "checks": [
            {"status": "down", "error": "timeout", "checkedAt": "2026-03-04T00:02:00Z"},
            {"status": "up", "responseTimeMs": 3, "checkedAt": "2026-03-04T00:02:00Z"},
            {"status": "up", "responseTimeMs": 41.5, "statusCode": 200, "checkedAt": "2026-03-04T00:00:00Z"},
        ],
    }
    assert len(api.get("/vendors/1/health").json()["checks"]) == 4
    assert api.get("/vendors/2/health").json() == {"vendorId": 2, "checks": []}


def test_featured_vendors_come_in_their_order(api: Api) -> None:
    api.load(
        vendor(1, featuredOrder=2),
        vendor(2, featuredOrder=1),
        vendor(3, featuredOrder=1),
        vendor(4),
        vendor(5, featuredOrder=0, status="inactive"),
    )
    assert [item["id"] for item in api.get("/vendors/featured").json()["vendors"]] == [2, 3, 1]
    assert [item["id"] for item in api.get("/vendors/featured?limit=1").json()["vendors"]] == [2]


def test_categories_are_counted_over_active_vendors(api: Api) -> None:
    api.load(
        vendor(1, category="b"),
        vendor(2, category="a"),
        vendor(3, category="b"),
        vendor(4, category="Z"),
        vendor(5, category="a", status="inactive"),
    )
    assert api.get("/categories").json()["categories"] == [
        {"category": "b", "count": 2},
        {"category": "Z", "count": 1},
        {"category": "a", "count": 1},
    ]


NAMES = (
    vendor(1, serviceName="Open Weather", metrics=metrics(totalRequests=1)),
    vendor(2, serviceName="Weather-Pro", metrics=metrics(totalRequests=5)),
    vendor(3, serviceName="Myweather"),
    vendor(4, serviceName="Ünder_weather", metrics=metrics(totalRequests=9)),
    vendor(5, serviceName="100% It's_so \\ (x) ☀sun"),
    vendor(6, serviceName="Weather", status="inactive"),
    vendor(8, serviceName="٣days ΟΔΟΣ"),
    vendor(7, serviceName="Weathering", metrics=metrics(totalRequests=5)),
)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("weather", [2, 7, 4, 1]),
        ("WEATHER", [2, 7, 4, 1]),
        ("  weather  ", [2, 7, 4, 1]),
        ("open w", [1]),
        ("eather", []),
        ("ün", [4]),
        ("Ün", [4]),
        ("un", []),
        ("sun", [5]),
        ("☀s", [5]),
        ("100%", [5]),
        ("1%", []),
        ("s_so", [5]),
        ("so", [5]),
        ("it's", [5]),
        ("\\ (", [5]),
        ("(x)", [5]),
        ("we:*", []),
        ("'w", []),
        ("%%", []),
        ("__", []),
        ("pro", [2]),
        ("-pro", []),
        ("days", []),
        ("ΟΔΟΣ", [8]),
        ("οδος", [8]),
    ],
)
def test_quick_search_is_a_prefix_at_the_start_of_a_word(api: Api, q: str, found: list[int]) -> None:
    api.load(*NAMES)
    results = api.get(f"/quick-search?q={quote(q)}").json()["results"]
    assert [item["id"] for item in results] == found


def test_quick_results_are_light(api: Api) -> None:
    api.load(*NAMES)
    assert api.get("/quick-search?q=open&limit=1").json()["results"] == [
        {"id": 1, "slug": "vendor-1", "serviceName": "Open Weather", "category": "data", "rating": 4.5}
    ]


@pytest.mark.parametrize(
    "query", ["", "q", "q=a", "q=%20%20a%20", "q=" + "a" * 101, "q=ab&limit=11", "q=ab&q=ab"]
)
def test_quick_search_needs_two_characters(api: Api, query: str) -> None:
    assert api.get(f"/quick-search?{query}").status_code == 400


def test_text_with_everything_in_it_is_kept(api: Api) -> None:
    name = "⚡ Ünïcode \"quotes\" 'n' \\slashes\\ 😀\u2028"
    api.load(vendor(1, serviceName=name, createdAt=NOW))
    assert api.get("/vendors/1").json()["serviceName"] == name
