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
TIE_ORDER = "tie"
"""Its name among the prepared orders."""
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
_PREPARED = (
    "& (SELECT CASE WHEN count(*) = cardinality({names}) THEN bit_and(held.bits) END"
    " FROM search_bits AS held WHERE held.kind = '{kind}' AND held.name = ANY ({names}))"
)
_PREPARED_CONDITIONS = MappingProxyType(
    {
        "query": _PREPARED.format(kind="word", names="asked.words"),
        "tags": _PREPARED.format(kind="tag", names="%(tags)s::text[]"),
        "min_uptime": "& at_least_as_good('uptime', -%(min_uptime)s)",
        "min_rating": "& at_least_as_good('rating', -%(min_rating)s)",
        "max_latency": "& at_least_as_good('latency', %(max_latency)s)",
        "verified_only": "& (SELECT held.bits FROM search_bits AS held WHERE held.kind = 'verified')",
    }
)
_IN_CATEGORIES = """
coalesce(
    (
        SELECT bit_or(overlay(
            bits & ~bits PLACING substring(bits FROM first_place + 1 FOR held.vendors) FROM first_place + 1
        ))
        FROM search_categories AS held WHERE category = ANY (%(categories)s)
    ),
    bits & ~bits
)
"""
_ALIKE = "SELECT 0::real AS score, bits FROM chosen"
_ALIKE_BY_SCORE = """
SELECT held.score, held.bits & chosen.bits AS bits FROM search_scores AS held, asked, chosen
WHERE held.word = asked.words[1] AND cardinality(asked.words) = 1
"""
_RANKED = """
AND (
    cardinality(asked.words) = 1 AND EXISTS (SELECT FROM search_scores WHERE word = asked.words[1])
    OR EXISTS (SELECT FROM search_pairs AS held WHERE held.words = asked.words)
)
"""


def prepared_statement(search: Search, columns: str) -> tuple[bytes, dict[str, object]]:
    """Asks for the answer from what is prepared; no row where the search needs something that is not."""
    filters, asked = _asked(search)
    return _prepared_text(filters, bool(search.categories), search.sort, columns), asked


@cache
def _prepared_text(filters: tuple[str, ...], chosen: bool, sort: Sort, columns: str) -> bytes:
    worded = "query" in filters
    relevance = sort is Sort.RELEVANCE
    return statement(
        "prepared_search",
        words=_WORDS if worded else "NULL::text[]",
        conditions=" ".join(_PREPARED_CONDITIONS[name] for name in filters),
        chosen=_IN_CATEGORIES if chosen else "bits",
        ranked=_RANKED if relevance else "",
        alike=_ALIKE_BY_SCORE if relevance else _ALIKE,
        page_of_pair=statement("prepared_page_of_pair").decode() if relevance else "",
        sort=TIE_ORDER if relevance else sort.value,
        score=f"ts_rank(v.search, {_QUERY})" if worded else "NULL::real",
        columns=columns,
    )


def search_statement(search: Search, columns: str) -> tuple[bytes, dict[str, object]]:
    """The statement's text, the same for searches of the same shape, and its parameters."""
    filters, asked = _asked(search)
    return _text(filters, bool(search.categories), search.sort, columns), asked


def _asked(search: Search) -> tuple[tuple[str, ...], dict[str, object]]:
    """Which filters there are, and all parameters."""
    filters: dict[str, object] = {
        "query": search.query or None,
        "tags": list(search.tags) or None,
        "min_uptime": search.min_uptime or None,
        "min_rating": search.min_rating or None,
        "max_latency": search.max_latency,
        "verified_only": search.verified_only or None,
    }
    rest = {"categories": list(search.categories), "limit": search.limit, "offset": search.offset}
    return tuple(name for name, value in filters.items() if value is not None), filters | rest


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
