"""The operations, each as a value: what to ask, and how to read the answer. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote

from machpay import arguments, models
from machpay.reading import read
from machpay.sorting import Sort

_T = TypeVar("_T")


@dataclass(frozen=True)
class Call(Generic[_T]):
    """A call that changes nothing, so that it may be repeated. A `body` is sent as JSON, by POST."""

    path: str
    read: Callable[[object], _T]
    query: Mapping[str, str | int | float] | None = None
    body: Mapping[str, object] | None = None


def search(
    query: str = "",
    *,
    category: str | None = None,
    categories: Iterable[str] = (),
    tags: Iterable[str] = (),
    sort: Sort | None = None,
    min_uptime: float | None = None,
    min_rating: float | None = None,
    max_latency: float | None = None,
    verified_only: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> Call[models.SearchResult]:
    """Search and filter vendors; one page.

    `query`: words that must all occur, at most 200 characters. `categories`: any may match (`category` is
    one more). `tags`: all must match. `min_uptime`: percent. `min_rating`: 0 to 5. `max_latency`:
    milliseconds; leaves out vendors that are not measured yet. `sort`: by default relevance with a query,
    rating without. `limit`: 1 to 100 vendors a page; the service's default is 20, `iter_search`'s 100.
    """
    wanted = ((category,) if category is not None else ()) + arguments.texts("categories", categories)
    filters: dict[str, object] = {
        "query": arguments.text("query", query, most=200),
        "categories": list(arguments.texts("categories", wanted)),
        "tags": list(arguments.texts("tags", tags)),
        "verifiedOnly": arguments.truth("verified_only", verified_only),
        "offset": arguments.whole("offset", offset, 0),
    }
    if limit is not None:
        filters["limit"] = arguments.whole("limit", limit, 1, 100)
    if sort is not None:
        filters["sortBy"] = arguments.sort("sort", sort)
    if min_uptime is not None:
        filters["minUptime"] = arguments.number("min_uptime", min_uptime, 0, 100)
    if min_rating is not None:
        filters["minRating"] = arguments.number("min_rating", min_rating, 0, 5)
    if max_latency is not None:
        filters["maxLatency"] = arguments.number("max_latency", max_latency, 0)
    return Call("/search", lambda value: read(models.SearchResult, value), body=filters)


def get_featured(limit: int = 10) -> Call[tuple[models.VendorInfo, ...]]:
    """The featured vendors in their order; `limit` 1 to 20."""
    query = {"limit": arguments.whole("limit", limit, 1, 20)}
    return Call("/vendors/featured", lambda value: read(models.FeaturedAnswer, value).vendors, query)


def get_vendor(id_or_slug: int | str) -> Call[models.VendorDetails]:
    """Everything about one vendor. Raises NotFoundError."""
    return Call(_vendor_path(id_or_slug), lambda value: read(models.VendorDetails, value))


def get_vendor_health(id_or_slug: int | str, limit: int = 24) -> Call[tuple[models.HealthCheck, ...]]:
    """A vendor's latest health checks, newest first; `limit` 1 to 100. Raises NotFoundError."""
    path = _vendor_path(id_or_slug) + "/health"
    query = {"limit": arguments.whole("limit", limit, 1, 100)}
    return Call(path, lambda value: read(models.HealthAnswer, value).checks, query)


def get_categories() -> Call[tuple[models.CategoryInfo, ...]]:
    """All categories with their number of vendors, largest first."""
    return Call("/categories", lambda value: read(models.CategoriesAnswer, value).categories)


def quick_search(query: str, limit: int = 5) -> Call[tuple[models.QuickSearchResult, ...]]:
    """Names with a word that starts with `query` (2 to 100 characters, trimmed); `limit` 1 to 10."""
    query = arguments.text("query", query).strip()
    asked: dict[str, str | int | float] = {
        "q": arguments.text("query", query, least=2, most=100),
        "limit": arguments.whole("limit", limit, 1, 10),
    }
    return Call("/quick-search", lambda value: read(models.QuickAnswer, value).results, asked)


def _vendor_path(id_or_slug: int | str) -> str:
    return "/vendors/" + quote(arguments.vendor_key(id_or_slug), safe="")
