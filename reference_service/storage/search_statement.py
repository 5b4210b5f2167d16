"""The statement for one search: slots are filled by what the search asks for, values are parameters."""

from functools import cache
from types import MappingProxyType

from reference_service.domain.search import Search, Sort
from reference_service.storage.statements import statement

_ORDERS = MappingProxyType(
    {
        Sort.RELEVANCE: "score DESC, rating_score DESC, id",
        Sort.RATING: "rating_score DESC, total_requests DESC, id",
        Sort.UPTIME: "uptime_pct DESC, rating_score DESC, id",
        Sort.POPULAR: "total_requests DESC, rating_score DESC, id",
        Sort.FASTEST: "avg_latency_ms = 0, avg_latency_ms, rating_score DESC, id",
        Sort.RECENT: "last_request_at DESC NULLS LAST, id",
    }
)
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
        order=_ORDERS[sort],
        columns=columns,
    )
