"""Sorts that are right but for a tie-breaker, or for what is not known."""

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import entry, name, sql

_ORDERS = "storage.search_statement:ORDERS"


def _sort(name: str, description: str, sort: str, order: str) -> Fault:
    return Fault(name, description, ("API-04",), Level.SEEDED, entry(_ORDERS, sort, order))


FAULTS = (
    _sort(
        "unmeasured-are-fastest",
        "a vendor whose latency is not known comes first under fastest",
        "fastest",
        "avg_latency_ms, rating_score DESC, id",
    ),
    _sort(
        "popular-forgets-rating",
        "vendors with equally many requests are not ordered by rating",
        "popular",
        "total_requests DESC, id",
    ),
    _sort(
        "never-asked-are-recent",
        "a vendor that was never called comes first under recent",
        "recent",
        "last_request_at DESC NULLS FIRST, id",
    ),
    _sort(
        "uptime-ties-by-volume",
        "vendors of equal uptime are ordered by requests, not by rating",
        "uptime",
        "uptime_pct DESC, total_requests DESC, id",
    ),
    Fault(
        "featured-ties-by-name",
        "featured vendors of the same order come by name, not by id",
        ("API-07",),
        Level.SEEDED,
        sql("featured", "ORDER BY v.featured_order, v.id", "ORDER BY v.featured_order, v.service_name, v.id"),
    ),
    Fault(
        "history-oldest-first",
        "the health history begins with the oldest of the newest checks",
        ("API-11",),
        Level.SEEDED,
        sql("health_history", "ORDER BY c.checked_at DESC, c.id", "ORDER BY c.checked_at, c.id"),
    ),
    _sort(
        "relevance-by-rating",
        "under relevance the rating goes before the score",
        "relevance",
        "rating_score DESC, score DESC, id",
    ),
    _sort(
        "recent-ties-by-rating",
        "vendors last called at the same time are ordered by rating, not by id",
        "recent",
        "last_request_at DESC NULLS LAST, rating_score DESC, id",
    ),
    _sort(
        "rating-forgets-volume",
        "vendors of equal rating are not ordered by requests",
        "rating",
        "rating_score DESC, id",
    ),
    _sort(
        "fastest-forgets-rating",
        "equally fast vendors are not ordered by rating",
        "fastest",
        "avg_latency_ms = 0, avg_latency_ms, id",
    ),
    Fault(
        "categories-by-name",
        "categories come by name alone",
        ("API-12",),
        Level.SEEDED,
        sql("categories", "ORDER BY count(*) DESC, category", "ORDER BY category"),
    ),
    Fault(
        "equal-categories-by-name-backwards",
        "categories of equal count come by name descending",
        ("API-12",),
        Level.SEEDED,
        sql("categories", 'category COLLATE "C"', 'category COLLATE "C" DESC'),
    ),
    Fault(
        "history-of-twenty",
        "without a limit a health history has twenty checks",
        ("API-11",),
        Level.SEEDED,
        name("api.vendor:DEFAULT_HEALTH_LIMIT", 20),
    ),
)
