"""The statement for one search: slots are filled by what the search asks for, values are parameters."""

from functools import cache
from types import MappingProxyType

from reference_service.domain.search import Search, Sort
from reference_service.storage.statements import statement

ORDERS = MappingProxyType(
    {
        Sort.RELEVANCE: "score DESC, rating_score DESC, id",
        Sort.RATING: "rating_score DESC, total_requests DESC, id",
        Sort.UPTIME: "uptime_pct DESC, rating_score DESC, id",
        Sort.POPULAR: "total_requests DESC, rating_score DESC, id",
        Sort.FASTEST: "avg_latency_ms = 0, avg_latency_ms, rating_score DESC, id",
        Sort.RECENT: "last_request_at DESC NULLS LAST, id",
    }
)
TIE = "rating_score DESC, id"
"""The order of vendors that are equally relevant."""
PREPARED_DEPTH = 300
"""How many vendors a prepared page reaches down to."""
BROWSING = "*"
"""Stands for the words of a search without any; no lexeme has such a sign."""
_QUERY = "plainto_tsquery('pg_catalog.english', searchable_words(%(query)s))"
_CONDITIONS = MappingProxyType(
    {
        "query": f"AND v.search @@ {_QUERY}",
        "tags": "AND v.tags @> %(tags)s::text[]",
        "min_uptime": "AND coalesce(m.uptime_pct, 100) >= %(min_uptime)s",
        "min_rating": "AND coalesce(m.rating_score, 5) >= %(min_rating)s",
        "max_latency": "AND m.avg_latency_ms > 0 AND m.avg_latency_ms <= %(max_latency)s",
        "verified_only": "AND v.is_verified",
    }
)
_WORDS = "tsvector_to_array(to_tsvector('pg_catalog.english', searchable_words(%(query)s)))"


def prepared_statement(search: Search, columns: str) -> tuple[bytes, dict[str, object]] | None:
    """Asks for the answer that may have been prepared; None for searches that are never prepared."""
    filtered = search.tags or search.min_uptime or search.min_rating or search.verified_only
    if filtered or search.max_latency is not None or len(search.categories) > 1:
        return None
    if search.offset + search.limit > PREPARED_DEPTH:
        return None
    asked: dict[str, object] = {
        "query": search.query,
        "category": search.categories[0] if search.categories else "",
        "sort": search.sort.value,
        "limit": search.limit,
        "offset": search.offset,
    }
    return _prepared_text(bool(search.query), columns), asked


@cache
def _prepared_text(worded: bool, columns: str) -> bytes:
    return statement(
        "prepared_search",
        words=_WORDS if worded else f"ARRAY['{BROWSING}']",
        score=f"ts_rank(v.search, {_QUERY})" if worded else "NULL::real",
        columns=columns,
    )


def search_statement(search: Search, columns: str) -> tuple[bytes, dict[str, object]]:
    """The statement's text, the same for searches of the same shape, and its parameters."""
    asked: dict[str, object] = {
        "query": search.query or None,
        "tags": list(search.tags) or None,
        "min_uptime": search.min_uptime or None,
        "min_rating": search.min_rating or None,
        "max_latency": search.max_latency,
        "verified_only": search.verified_only or None,
    }
    filters = tuple(name for name, value in asked.items() if value is not None)
    asked |= {"categories": list(search.categories), "limit": search.limit, "offset": search.offset}
    return _text(filters, bool(search.categories), search.sort, columns), asked


@cache
def _text(filters: tuple[str, ...], chosen: bool, sort: Sort, columns: str) -> bytes:
    return statement(
        "search",
        chosen="v.category = ANY (%(categories)s)" if chosen else "true",
        score=f"ts_rank(v.search, {_QUERY})" if "query" in filters else "NULL::real",
        conditions=" ".join(_CONDITIONS[name] for name in filters),
        order=ORDERS[sort],
        columns=columns,
    )
