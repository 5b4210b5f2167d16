"""Searches that find too much, too little, or by other words than those that were asked for."""

from typing import Any

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, entry, sql

_CONDITIONS = "storage.search_statement:_CONDITIONS"
_QUERY = "plainto_tsquery('pg_catalog.english', searchable_words(%(query)s))"
_NAME = (
    "v.name_starts @@ ('''' || replace(replace(asked.prefix, '\\', '\\\\'), '''', '''''') || ''':*')::tsquery"
)


def _match(name: str, description: str, condition: str) -> Fault:
    return Fault(name, description, ("API-02",), Level.SEEDED, entry(_CONDITIONS, "query", condition))


def _quick(name: str, description: str, old: str, new: str) -> Fault:
    return Fault(name, description, ("API-13",), Level.SEEDED, sql("quick_search", old, new))


def _filter(name: str, requirement: str, description: str, key: str, condition: str) -> Fault:
    return Fault(name, description, (requirement,), Level.SEEDED, entry(_CONDITIONS, key, condition))


def _first_category(right: Any) -> Any:
    return lambda **asked: right(**{**asked, "categories": asked["categories"][:1]})


def _without_accents(right: Any) -> Any:
    return lambda **asked: right(**{**asked, "query": asked["query"].replace("é", "e")})


def _default_is_rating(right: Any) -> Any:
    return lambda sort, query: right(sort or right(None, ""), query)


def _default_is_popular(right: Any) -> Any:
    return lambda sort, query: type(right(None, "")).POPULAR if not (sort or query) else right(sort, query)


def _categories_by_prefix(right: Any) -> Any:
    def text(filters: Any, chosen: bool, sort: Any, columns: str) -> bytes:
        found: bytes = right(filters, chosen, sort, columns)
        return found.replace(b"v.category = ANY (%(categories)s)", b"v.category ^@ ANY (%(categories)s)")

    return text


FAULTS = (
    _match(
        "any-word-will-do",
        "one of several words is enough",
        f"AND v.search @@ replace({_QUERY}::text, '&', '|')::tsquery",
    ),
    _match(
        "words-not-stemmed",
        "words are found in the very form only in which they stand in the index",
        "AND v.search @@ plainto_tsquery('pg_catalog.simple', searchable_words(%(query)s))",
    ),
    _match(
        "only-names-are-searched",
        "description, category and tags are not searched",
        f"AND to_tsvector('pg_catalog.english', searchable_words(v.service_name)) @@ {_QUERY}",
    ),
    _match(
        "stop-words-find-all",
        "a query of stop words alone filters nothing",
        f"AND (numnode({_QUERY}) = 0 OR v.search @@ {_QUERY})",
    ),
    _match(
        "percent-is-a-wildcard",
        "% and _ in q work as wildcards on the name",
        f"AND (v.search @@ {_QUERY} OR v.service_name ILIKE %(query)s)",
    ),
    _match(
        "words-by-prefix",
        "the beginning of a word finds it",
        f"AND v.search @@ (nullif({_QUERY}::text, '') || ':*')::tsquery",
    ),
    Fault(
        "accents-do-not-count",
        "café is asked for as cafe",
        ("API-02",),
        Level.SEEDED,
        around("api.reading:search_for", _without_accents),
    ),
    Fault(
        "first-category-only",
        "of several categories in a body only the first counts",
        ("DOC-04",),
        Level.SEEDED,
        around("api.reading:search_for", _first_category),
    ),
    Fault(
        "default-is-always-rating",
        "a query without sort is answered by rating",
        ("API-04",),
        Level.SEEDED,
        around("domain.search:_settled", _default_is_rating),
    ),
    _filter(
        "tags-by-prefix",
        "API-06",
        "a tag is found by its beginning",
        "tags",
        "AND (SELECT bool_and(EXISTS (SELECT FROM unnest(v.tags) AS tag WHERE starts_with(tag, asked)))"
        " FROM unnest(%(tags)s::text[]) AS asked)",
    ),
    _filter(
        "latency-bound-excluded",
        "DOC-04",
        "a vendor at exactly max_latency is left out",
        "max_latency",
        "AND m.avg_latency_ms > 0 AND m.avg_latency_ms < %(max_latency)s",
    ),
    _filter(
        "ratings-rounded-to-filter",
        "API-06",
        "min_rating compares with a rating rounded to whole stars",
        "min_rating",
        "AND round(coalesce(m.rating_score, 5)::numeric) >= %(min_rating)s",
    ),
    _quick(
        "quick-search-inside-words",
        "quick search finds the text inside words",
        _NAME,
        "strpos(folded_name(v.service_name), asked.prefix) > 0",
    ),
    _quick(
        "quick-search-first-word-only",
        "quick search finds the beginning of the name only",
        _NAME,
        "starts_with(folded_name(v.service_name), asked.prefix)",
    ),
    _quick(
        "quick-search-minds-case",
        "quick search does not ignore case",
        "(SELECT folded_name(%(prefix)s) AS prefix)",
        "(SELECT %(prefix)s::text AS prefix)",
    ),
    _quick(
        "quick-search-forgets-volume",
        "quick search orders names by id, not by requests",
        "coalesce(m.total_requests, 0) DESC, v.id",
        "v.id",
    ),
    Fault(
        "categories-by-prefix",
        "a category is found by its beginning",
        ("API-03",),
        Level.SEEDED,
        around("storage.search_statement:_text", _categories_by_prefix),
    ),
    Fault(
        "default-is-volume",
        "without a query and a sort vendors come by requests",
        ("API-04",),
        Level.SEEDED,
        around("domain.search:_settled", _default_is_popular),
    ),
)
