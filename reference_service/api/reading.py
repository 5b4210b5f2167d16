"""The two spellings of a search, and the other endpoints' parameters."""

from reference_service.api.json_body import JsonBody
from reference_service.api.query_string import QueryString
from reference_service.api.text import of_length
from reference_service.domain import search as rules
from reference_service.domain.errors import InvalidRequestError
from reference_service.domain.search import Bounds, Search, Sort, search_for

_BODY_FIELDS = frozenset(
    {
        "query",
        "categories",
        "tags",
        "minUptime",
        "maxLatency",
        "minRating",
        "verifiedOnly",
        "sortBy",
        "limit",
        "offset",
    }
)


def search_of_query(query: QueryString) -> Search:
    """The search that a query string asks for.

    Raises InvalidRequestError.
    """
    category = query.text("category")
    return search_for(
        query=of_length("q", query.text("q") or "", rules.QUERY_LENGTH),
        categories=(category,) if category else (),
        tags=_tags(query.text("tags") or ""),
        min_uptime=query.number("min_uptime", rules.UPTIME) or 0,
        min_rating=query.number("min_rating", rules.RATING) or 0,
        max_latency=query.number("max_latency", rules.LATENCY),
        verified_only=query.boolean("verified"),
        sort=_sort("sort", query.text("sort")),
        limit=query.integer("limit", rules.DEFAULT_SEARCH_LIMIT, rules.SEARCH_LIMIT),
        offset=query.integer("offset", 0, rules.OFFSET),
    )


def search_of_body(body: JsonBody) -> Search:
    """The search that a body asks for.

    Raises InvalidRequestError.
    """
    body.only(_BODY_FIELDS)
    return search_for(
        query=body.text("query", rules.QUERY_LENGTH) or "",
        categories=body.texts("categories"),
        tags=body.texts("tags"),
        min_uptime=body.number("minUptime", rules.UPTIME) or 0,
        min_rating=body.number("minRating", rules.RATING) or 0,
        max_latency=body.number("maxLatency", rules.LATENCY),
        verified_only=body.boolean("verifiedOnly"),
        sort=_sort("sortBy", body.text("sortBy")),
        limit=body.integer("limit", rules.DEFAULT_SEARCH_LIMIT, rules.SEARCH_LIMIT),
        offset=body.integer("offset", 0, rules.OFFSET),
    )


def limit_of(query: QueryString, default: int, bounds: Bounds) -> int:
    return query.integer("limit", default, bounds)


def prefix_of(query: QueryString) -> str:
    """Quick search's text, trimmed.

    Raises InvalidRequestError where it is absent, too short or too long.
    """
    text = query.text("q")
    if text is None:
        raise InvalidRequestError("q", "is required")
    return of_length("q", text.strip(), rules.QUICK_LENGTH)


def _tags(text: str) -> tuple[str, ...]:
    tags = tuple(text.split(",")) if text else ()
    if "" in tags:
        raise InvalidRequestError("tags", "must not contain an empty tag")
    return tags


def _sort(name: str, text: str | None) -> Sort | None:
    if text is None:
        return None
    if text not in tuple(Sort):
        raise InvalidRequestError(name, f"must be one of {', '.join(Sort)}")
    return Sort(text)
