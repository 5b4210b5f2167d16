"""The data-set document that `load-fixtures` takes: its types, and nothing else gets in."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import msgspec

Milliseconds = Annotated[float, msgspec.Meta(ge=0, lt=1e9)]


class Metrics(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    uptime_pct: float
    avg_latency_ms: Milliseconds
    p95_latency_ms: Milliseconds
    p99_latency_ms: Milliseconds
    rating_score: float
    total_requests: int
    success_rate: float
    error_rate: float
    unique_agents: int
    total_revenue_usd: Decimal
    last_request_at: datetime | None = None
    updated_at: datetime


class Endpoint(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    method: str
    path: str
    name: str
    description: str | None = None
    price_usd: Decimal | None = None


class HealthCheck(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    status: Literal["up", "degraded", "down"]
    response_time_ms: Milliseconds | None = None
    status_code: int | None = None
    error: str | None = None
    checked_at: datetime


class Vendor(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    id: int
    app_id: str
    slug: str
    service_name: str
    description: str
    category: str
    tags: list[str] = []
    logo_url: str | None = None
    website_url: str | None = None
    base_url: str
    health_endpoint: str | None = None
    default_price_usd: Decimal
    is_verified: bool = False
    featured_order: int | None = None
    status: Literal["active", "inactive"] = "active"
    created_at: datetime
    metrics: Metrics | None = None
    endpoints: list[Endpoint] = []
    health_checks: list[HealthCheck] = []


class Telemetry(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    vendor_id: int
    response_time_ms: Milliseconds
    status_code: int
    created_at: datetime


class PaymentIntent(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    vendor_id: int
    agent_id: str
    amount_usd: Decimal
    status: Literal["created", "authorized", "settled", "failed", "refunded"]
    created_at: datetime


class Dispute(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    vendor_id: int
    status: Literal["open", "upheld", "rejected"]
    created_at: datetime


class FixtureDocument(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    version: Literal[1]
    vendors: list[Vendor]
    telemetry: list[Telemetry] = []
    payment_intents: list[PaymentIntent] = []
    disputes: list[Dispute] = []


class FixtureError(Exception):
    """The file is not a data set that can be loaded; `str()` is one line."""


def read_fixture_document(path: Path) -> FixtureDocument:
    """The document in the file.

    Raises FixtureError.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=FixtureDocument)
    except OSError as error:
        raise FixtureError(f"{path}: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise FixtureError(f"{path}: {error}") from None
