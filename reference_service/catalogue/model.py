"""The rows of a generated catalogue, column by column as the tables have them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Vendor(NamedTuple):
    id: int
    app_id: str
    slug: str
    service_name: str
    description: str
    category: str
    tags: list[str]
    logo_url: str | None
    website_url: str | None
    base_url: str
    health_endpoint: str | None
    default_price_usd: str
    is_verified: bool
    featured_order: int | None
    status: str
    created_at: datetime


class Endpoint(NamedTuple):
    vendor_id: int
    method: str
    path: str
    name: str
    description: str | None
    price_usd: str | None


class Check(NamedTuple):
    vendor_id: int
    status: str
    response_time_ms: int | None
    status_code: int | None
    error: str | None
    checked_at: datetime


class Telemetry(NamedTuple):
    vendor_id: int
    response_time_ms: int
    status_code: int
    created_at: datetime


class Payment(NamedTuple):
    vendor_id: int
    agent_id: str
    amount_usd: str
    status: str
    created_at: datetime


class Dispute(NamedTuple):
    vendor_id: int
    status: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Vendors, and all that is known of them and their past, made as it is read, once."""

    vendors: Sequence[Vendor]
    endpoints: Iterator[Endpoint]
    health_checks: Iterator[Check]
    telemetry: Iterator[Telemetry]
    payments: Iterator[Payment]
    disputes: Iterator[Dispute]
