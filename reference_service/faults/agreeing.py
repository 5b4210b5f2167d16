"""Answers that contradict each other: to be noticed on any data, without knowing it."""

from typing import Any

import msgspec

from reference_service.domain.answers import HealthAnswer
from reference_service.domain.search import Sort
from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, both, entry, sql

_SEARCH = "storage.marketplace:Marketplace.search"
_CONDITIONS = "storage.search_statement:_CONDITIONS"
_QUERY = "plainto_tsquery('pg_catalog.english', searchable_words(%(query)s))"


def _live(name: str, requirement: str, description: str, install: Any) -> Fault:
    return Fault(name, description, (requirement,), Level.LIVE, install)


def _one_too_many(right: Any) -> Any:
    def search(self: Any, asked: Any) -> Any:
        answer = right(self, asked)
        return msgspec.structs.replace(answer, total=answer.total + bool(asked.categories))

    return search


def _plain_name_by_slug(right: Any) -> Any:
    def details(self: Any, key: Any) -> Any:
        found = right(self, key)
        return msgspec.structs.replace(found, tags=[]) if found and key.id is None else found

    return details


def _nobody_has_a_history(right: Any) -> Any:
    return lambda self, key, limit: right(self, key, limit) or HealthAnswer(0, [])


def _by_post_in_another_order(right: Any) -> Any:
    def search_of_body(body: Any) -> Any:
        if body.fields.get("sortBy") is None and not body.fields.get("query"):
            body = type(body)({**body.fields, "sortBy": Sort.POPULAR.value})
        return right(body)

    return search_of_body


FAULTS = (
    _live(
        "pages-overlap",
        "API-05",
        "every page but the first repeats the last vendor of the one before",
        sql("search", "OFFSET %(offset)s", "OFFSET greatest(%(offset)s::bigint - 1, 0)"),
    ),
    _live(
        "a-category-too-many", "API-03", "total is one too high in a category", around(_SEARCH, _one_too_many)
    ),
    _live(
        "capitals-find-nothing",
        "API-02",
        "a query in capitals finds nothing",
        entry(_CONDITIONS, "query", f"AND v.search @@ {_QUERY} AND %(query)s <> upper(%(query)s)"),
    ),
    _live(
        "uptime-forgotten-with-tags",
        "API-06",
        "tags switch min_uptime off",
        entry(
            _CONDITIONS,
            "min_uptime",
            "AND (%(tags)s::text[] IS NOT NULL OR coalesce(m.uptime_pct, 100) >= %(min_uptime)s)",
        ),
    ),
    _live(
        "details-by-slug-without-tags",
        "API-09",
        "details by slug show no tags",
        around("storage.marketplace:Marketplace.details", _plain_name_by_slug),
    ),
    _live(
        "nobody-has-a-history",
        "API-10",
        "the health of an unknown vendor is an empty list, not a 404",
        around("storage.marketplace:Marketplace.health_history", _nobody_has_a_history),
    ),
    _live(
        "posts-are-by-volume",
        "DOC-04",
        "a search by POST has another default order than one by GET",
        around("api.search:search_of_body", _by_post_in_another_order),
    ),
    _live(
        "featured-by-id",
        "API-07",
        "featured vendors come by id",
        sql("featured", "ORDER BY v.featured_order, v.id", "ORDER BY v.id"),
    ),
    _live(
        "history-from-the-start",
        "API-11",
        "a health history begins with the oldest check",
        both(
            sql("health_history", "ORDER BY checked_at DESC, id", "ORDER BY checked_at, id"),
            sql("health_history", "ORDER BY c.checked_at DESC, c.id", "ORDER BY c.checked_at, c.id"),
        ),
    ),
)
