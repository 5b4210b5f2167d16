"""Filters that are almost right, and facets that follow the wrong ones."""

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import entry, name, sql

_CONDITIONS = "storage.search_statement:_CONDITIONS"


def _filter(name: str, description: str, requirement: str, condition: str, text: str) -> Fault:
    return Fault(name, description, (requirement,), Level.SEEDED, entry(_CONDITIONS, condition, text))


FAULTS = (
    _filter(
        "any-tag-will-do",
        "a vendor with one of several tags passes",
        "DOC-04",
        "tags",
        "AND v.tags && %(tags)s::text[]",
    ),
    _filter(
        "uptime-bound-excluded",
        "a vendor at exactly min_uptime is left out",
        "API-06",
        "min_uptime",
        "AND coalesce(m.uptime_pct, 100) > %(min_uptime)s",
    ),
    _filter(
        "unrated-are-left-out",
        "min_rating leaves out vendors without a metrics row, though they show 5.0",
        "API-06",
        "min_rating",
        "AND m.rating_score >= %(min_rating)s",
    ),
    _filter(
        "unmeasured-pass-max-latency",
        "max_latency lets vendors pass whose latency is not known",
        "DOC-04",
        "max_latency",
        "AND coalesce(m.avg_latency_ms, 0) <= %(max_latency)s",
    ),
    Fault(
        "facets-follow-the-category",
        "facets count only the chosen category",
        ("API-03",),
        Level.SEEDED,
        sql("search", "FROM matching GROUP BY category, chosen", "FROM matching WHERE chosen GROUP BY 1, 2"),
    ),
    Fault(
        "facets-by-name",
        "facets come by name alone",
        ("API-03", "API-12"),
        Level.SEEDED,
        sql("search", 'ORDER BY vendors DESC, category COLLATE "C"', 'ORDER BY category COLLATE "C"'),
    ),
    Fault(
        "verified-only-ignored",
        "verifiedOnly in a body filters nothing",
        ("DOC-04",),
        Level.SEEDED,
        name("api.json_body:JsonBody.boolean", lambda *_: False),
    ),
    _filter(
        "query-understands-operators",
        "quotes, minus and or in q work as operators instead of plain text",
        "API-02",
        "query",
        "AND v.search @@ websearch_to_tsquery('pg_catalog.english', %(query)s)",
    ),
)
