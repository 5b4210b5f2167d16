"""Every method of both clients against the reference service."""

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from machpay import CategoryInfo, HealthCheck, InvalidError, NotFoundError, QuickSearchResult

from .asking import Ask


def ids(vendors: object) -> list[int]:
    return [vendor.id for vendor in vendors]  # type: ignore[attr-defined]  # vendors


def test_search_without_arguments_shows_all_by_rating(ask: Ask, reference_url: str) -> None:
    result = ask(reference_url, "search")
    assert ids(result.vendors) == [6, 4, 1, 2, 5, 3]
    assert (result.total, result.has_more) == (6, False)
    assert result.categories[0] == CategoryInfo(category="weather", count=3)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"query": "weather radar"}, {2, 3}),
        ({"category": "finance"}, {4}),
        ({"categories": ["finance", "data"]}, {4, 5, 6}),
        ({"category": "weather", "categories": ["finance"]}, {1, 2, 3, 4}),
        ({"tags": ["enterprise", "alerts"]}, {2}),
        ({"min_uptime": 99.9}, {1, 4, 6}),
        ({"min_rating": 4.8}, {1, 4, 6}),
        ({"max_latency": 42}, {1, 4}),
        ({"verified_only": True}, {1, 2, 4}),
        ({"sort": "fastest", "limit": 2}, {4, 1}),
        ({"sort": "popular", "limit": 2, "offset": 1}, {1, 2}),
    ],
)
def test_each_filter_reaches_the_service(
    ask: Ask, reference_url: str, arguments: dict[str, Any], expected: set[int]
) -> None:
    assert set(ids(ask(reference_url, "search", **arguments).vendors)) == expected


def test_relevance_is_there_with_a_query_alone(ask: Ask, reference_url: str) -> None:
    assert ask(reference_url, "search", "weather").vendors[0].relevance_score > 0
    assert ask(reference_url, "search").vendors[0].relevance_score is None


def test_iter_search_joins_pages_without_overlap(ask: Ask, reference_url: str) -> None:
    everything = ids(ask(reference_url, "search").vendors)
    assert ids(ask(reference_url, "iter_search")) == everything
    assert ids(ask(reference_url, "iter_search", limit=2)) == everything
    assert ids(ask(reference_url, "iter_search", limit=2, offset=1)) == everything[1:]


def test_helpers_order_the_page(ask: Ask, reference_url: str) -> None:
    result = ask(reference_url, "search")
    assert ids(result.top_by_rating(2)) == [6, 4]
    assert ids(result.top_by_uptime(2)) == [6, 4]
    assert ids(result.cheapest(3)) == [5, 3, 1]
    assert ids(result.fastest(9)) == [4, 1, 5, 2, 3]  # 6 is not measured
    assert result.cheapest(0) == ()
    with pytest.raises(InvalidError, match="n must be"):
        result.fastest(-1)


def test_featured(ask: Ask, reference_url: str) -> None:
    assert ids(ask(reference_url, "get_featured")) == [1, 2]
    assert ids(ask(reference_url, "get_featured", limit=1)) == [1]


@pytest.mark.parametrize("key", [1, "1", "001", "openweather-pro"])
def test_vendor_by_id_or_slug(ask: Ask, reference_url: str, key: int | str) -> None:
    vendor = ask(reference_url, "get_vendor", key)
    assert (vendor.id, vendor.slug, vendor.tags) == (1, "openweather-pro", ("enterprise", "forecast"))
    assert vendor.default_price_usd == Decimal("0.0012")
    assert vendor.metrics.total_revenue_usd == Decimal("1234.567891")
    assert vendor.created_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    assert vendor.last_request_at == datetime(2026, 3, 4, 5, 6, 7, 891000, tzinfo=timezone.utc)
    assert [(each.path, each.price_usd) for each in vendor.endpoints] == [
        ("/forecast", Decimal("0.002")),
        ("/now", None),
    ]


def test_health_is_newest_first(ask: Ask, reference_url: str) -> None:
    checks = ask(reference_url, "get_vendor_health", "openweather-pro")
    assert [check.status for check in checks] == ["up", "degraded", "down"]
    assert ask(reference_url, "get_vendor_health", 1, limit=1) == (
        HealthCheck(
            status="up",
            checked_at=datetime(2026, 3, 4, 5, 2, tzinfo=timezone.utc),
            response_time_ms=40.5,
            status_code=200,
        ),
    )
    assert ask(reference_url, "get_vendor_health", 5) == ()


def test_categories(ask: Ask, reference_url: str) -> None:
    counted = [(each.category, each.count) for each in ask(reference_url, "get_categories")]
    assert counted == [("weather", 3), ("data", 2), ("finance", 1)]


def test_quick_search(ask: Ask, reference_url: str) -> None:
    assert ask(reference_url, "quick_search", " Ra ", limit=1) == (
        QuickSearchResult(id=3, slug="rain-radar", service_name="Rain Radar", category="weather", rating=3.9),
    )


@pytest.mark.parametrize("key", [7, "gone-vendor", 999_999_999, "Openweather-Pro", "b?c#d%2F é"])
@pytest.mark.parametrize("operation", ["get_vendor", "get_vendor_health"])
def test_no_such_vendor(ask: Ask, reference_url: str, operation: str, key: int | str) -> None:
    with pytest.raises(NotFoundError) as caught:
        ask(reference_url, operation, key)
    assert (caught.value.status, caught.value.code) == (404, "not_found")
    assert caught.value.request_id
