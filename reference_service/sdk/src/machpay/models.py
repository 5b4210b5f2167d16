"""What the marketplace answers: frozen values, named as in the API but in snake_case.

Money is a Decimal, every datetime is aware (UTC), percentages are 0 to 100, latencies in milliseconds.
A field that the service leaves out is None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeVar

from machpay.errors import InvalidError

_Key = TypeVar("_Key", float, Decimal)


@dataclass(frozen=True, kw_only=True)
class VendorInfo:
    """A vendor as it shows in lists. `relevance_score` is only there after a search with a query."""

    id: int
    app_id: str
    slug: str
    service_name: str
    description: str
    category: str
    default_price_usd: Decimal
    tags: tuple[str, ...]
    is_verified: bool
    uptime_pct: float
    avg_latency_ms: float
    """0: not measured yet."""
    rating_score: float
    total_requests: int
    success_rate: float
    unique_agents: int
    logo_url: str | None = None
    featured_order: int | None = None
    last_request_at: datetime | None = None
    relevance_score: float | None = None


@dataclass(frozen=True, kw_only=True)
class VendorMetrics:
    """A vendor's figures: uptime over 7 days, latency over 24 hours, the rest over all time."""

    uptime_pct: float
    avg_latency_ms: float
    p95_latency_ms: float
    p99_latency_ms: float
    rating_score: float
    total_requests: int
    success_rate: float
    error_rate: float
    unique_agents: int
    total_revenue_usd: Decimal
    last_request_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VendorEndpoint:
    """A call that a vendor sells."""

    method: str
    path: str
    name: str
    description: str | None = None
    price_usd: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class VendorDetails(VendorInfo):
    """Everything about one vendor."""

    created_at: datetime
    metrics: VendorMetrics
    endpoints: tuple[VendorEndpoint, ...]
    website_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class CategoryInfo:
    """A category and how many vendors it has."""

    category: str
    count: int


@dataclass(frozen=True, kw_only=True)
class QuickSearchResult:
    """A name for an autocomplete list."""

    id: int
    slug: str
    service_name: str
    category: str
    rating: float


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """One health check; `error` is a reason code such as `timeout` or `http_503`."""

    status: Literal["up", "degraded", "down"]
    checked_at: datetime
    response_time_ms: float | None = None
    status_code: int | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """One page of a search. `total` counts all pages; the helpers look at this page's vendors.

    `categories` counts the vendors that match every filter but the category's.
    """

    vendors: tuple[VendorInfo, ...]
    total: int
    has_more: bool
    categories: tuple[CategoryInfo, ...]

    def top_by_rating(self, n: int = 5) -> tuple[VendorInfo, ...]:
        """At most `n` vendors, best rating first, ties by id."""
        return _first(n, self.vendors, lambda vendor: -vendor.rating_score)

    def top_by_uptime(self, n: int = 5) -> tuple[VendorInfo, ...]:
        """At most `n` vendors, highest uptime first, ties by id."""
        return _first(n, self.vendors, lambda vendor: -vendor.uptime_pct)

    def cheapest(self, n: int = 5) -> tuple[VendorInfo, ...]:
        """At most `n` vendors, lowest default price first, ties by id."""
        return _first(n, self.vendors, lambda vendor: vendor.default_price_usd)

    def fastest(self, n: int = 5) -> tuple[VendorInfo, ...]:
        """At most `n` vendors, lowest average latency first, ties by id, none that is not measured yet."""
        measured = tuple(vendor for vendor in self.vendors if vendor.avg_latency_ms > 0)
        return _first(n, measured, lambda vendor: vendor.avg_latency_ms)


@dataclass(frozen=True, kw_only=True)
class FeaturedAnswer:
    """The body of `GET /vendors/featured`."""

    vendors: tuple[VendorInfo, ...]


@dataclass(frozen=True, kw_only=True)
class HealthAnswer:
    """The body of `GET /vendors/{idOrSlug}/health`."""

    vendor_id: int
    checks: tuple[HealthCheck, ...]


@dataclass(frozen=True, kw_only=True)
class CategoriesAnswer:
    """The body of `GET /categories`."""

    categories: tuple[CategoryInfo, ...]


@dataclass(frozen=True, kw_only=True)
class QuickAnswer:
    """The body of `GET /quick-search`."""

    results: tuple[QuickSearchResult, ...]


def _first(
    n: int, vendors: tuple[VendorInfo, ...], key: Callable[[VendorInfo], _Key]
) -> tuple[VendorInfo, ...]:
    if isinstance(n, bool) or not isinstance(n, int) or n < 0:
        raise InvalidError(f"n must be a whole number, 0 or more, not {n!r}")
    return tuple(sorted(vendors, key=lambda vendor: (key(vendor), vendor.id))[:n])
