"""What the marketplace shows of a vendor; field names on the wire are these in camelCase.

A field with a default of None is optional: without a value it is left out.
"""

from datetime import datetime

from msgspec import Struct


class Vendor(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    """A vendor in a list; `relevance_score` only where there was a query."""

    id: int
    app_id: str
    slug: str
    service_name: str
    description: str
    logo_url: str | None = None
    category: str
    default_price_usd: float
    tags: list[str]
    is_verified: bool
    featured_order: int | None = None
    uptime_pct: float
    avg_latency_ms: float
    rating_score: float
    total_requests: int
    success_rate: float
    unique_agents: int
    last_request_at: datetime | None = None
    relevance_score: float | None = None


class Metrics(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    """All figures of a vendor; revenue is a decimal string with six places."""

    uptime_pct: float
    avg_latency_ms: float
    p95_latency_ms: float
    p99_latency_ms: float
    rating_score: float
    total_requests: int
    success_rate: float
    error_rate: float
    unique_agents: int
    total_revenue_usd: str
    last_request_at: datetime | None = None
    updated_at: datetime | None = None


class Endpoint(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    method: str
    path: str
    name: str
    description: str | None = None
    price_usd: float | None = None


class VendorDetails(Vendor, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    website_url: str | None = None
    created_at: datetime
    metrics: Metrics
    endpoints: list[Endpoint]


class HealthCheck(Struct, frozen=True, omit_defaults=True, rename="camel", kw_only=True):
    status: str
    response_time_ms: float | None = None
    status_code: int | None = None
    error: str | None = None
    checked_at: datetime


class QuickResult(Struct, frozen=True, rename="camel", kw_only=True):
    id: int
    slug: str
    service_name: str
    category: str
    rating: float


class CategoryCount(Struct, frozen=True, rename="camel"):
    category: str
    count: int
