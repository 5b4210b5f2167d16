"""A search of the marketplace: its parameters, their bounds and defaults, and its one canonical form."""

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    RELEVANCE = "relevance"
    RATING = "rating"
    UPTIME = "uptime"
    POPULAR = "popular"
    FASTEST = "fastest"
    RECENT = "recent"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Both ends included; `high` None is unbounded."""

    low: int
    high: int | None

    def hold(self, value: float) -> bool:
        return value >= self.low and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        return f"at least {self.low}" if self.high is None else f"from {self.low} to {self.high}"


QUERY_LENGTH = Bounds(0, 200)
UPTIME = Bounds(0, 100)
RATING = Bounds(0, 5)
LATENCY = Bounds(0, None)
OFFSET = Bounds(0, None)
SEARCH_LIMIT, DEFAULT_SEARCH_LIMIT = Bounds(1, 100), 20
FEATURED_LIMIT, DEFAULT_FEATURED_LIMIT = Bounds(1, 20), 10
HEALTH_LIMIT, DEFAULT_HEALTH_LIMIT = Bounds(1, 100), 24
QUICK_LIMIT, DEFAULT_QUICK_LIMIT = Bounds(1, 10), 5
QUICK_LENGTH = Bounds(2, 100)

# No catalogue reaches this far: every offset beyond it gives the same, empty, page.
FARTHEST_OFFSET = 10**12


@dataclass(frozen=True, slots=True)
class Search:
    """One search in canonical form: equal searches are equal values, and only those."""

    query: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    min_uptime: float
    min_rating: float
    max_latency: float | None
    verified_only: bool
    sort: Sort
    limit: int
    offset: int


def search_for(
    *,
    query: str = "",
    categories: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    min_uptime: float = 0,
    min_rating: float = 0,
    max_latency: float | None = None,
    verified_only: bool = False,
    sort: Sort | None = None,
    limit: int = DEFAULT_SEARCH_LIMIT,
    offset: int = 0,
) -> Search:
    """The canonical search: order and repetition of categories and tags are settled, and so is the sort."""
    return Search(
        query=query,
        categories=tuple(sorted(set(categories))),
        tags=tuple(sorted(set(tags))),
        min_uptime=float(min_uptime),
        min_rating=float(min_rating),
        max_latency=None if max_latency is None else float(max_latency),
        verified_only=verified_only,
        sort=_settled(sort, query),
        limit=limit,
        offset=min(offset, FARTHEST_OFFSET),
    )


def _settled(sort: Sort | None, query: str) -> Sort:
    if not query:
        return Sort.RATING if sort in (None, Sort.RELEVANCE) else sort
    return sort or Sort.RELEVANCE
