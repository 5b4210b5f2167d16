"""Sorts that are right but for a tie-breaker, or for what is not known."""

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import entry, sql

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
)
