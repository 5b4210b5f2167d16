"""What the target knows, and how it reads a data set document."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Metrics:
    """Percentages, milliseconds, and revenue in US dollars."""

    uptime: float = 100.0
    latency: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    rating: float = 5.0
    requests: int = 0
    success: float = 100.0
    error: float = 0.0
    agents: int = 0
    revenue: Decimal = Decimal(0)
    last_request: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True)
class Check:
    status: str
    at: datetime
    milliseconds: int | None = None
    code: int | None = None
    error: str | None = None


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    name: str
    description: str | None
    price: float | None


@dataclass(frozen=True)
class Vendor:
    id: int
    app_id: str
    slug: str
    name: str
    description: str
    category: str
    tags: tuple[str, ...]
    logo: str | None
    website: str | None
    base_url: str
    health_path: str | None
    price: float
    verified: bool
    featured: int | None
    active: bool
    created: datetime
    endpoints: tuple[Endpoint, ...]


@dataclass(frozen=True)
class Telemetry:
    vendor: int
    milliseconds: float
    at: datetime


@dataclass(frozen=True)
class Intent:
    vendor: int
    agent: str
    amount: Decimal
    status: str
    at: datetime


@dataclass(frozen=True)
class Dispute:
    vendor: int
    status: str


@dataclass(frozen=True)
class Books:
    """Everything at one moment; a change is a new `Books`, swapped in whole."""

    vendors: Mapping[int, Vendor] = field(default_factory=dict)
    metrics: Mapping[int, Metrics] = field(default_factory=dict)
    checks: Mapping[int, tuple[Check, ...]] = field(default_factory=dict)
    telemetry: tuple[Telemetry, ...] = ()
    intents: tuple[Intent, ...] = ()
    disputes: tuple[Dispute, ...] = ()

    def metrics_of(self, vendor: Vendor) -> Metrics:
        return self.metrics.get(vendor.id, Metrics())

    def find(self, name: str) -> Vendor | None:
        """An active vendor by id (all digits) or slug."""
        if name.isascii() and name.isdigit():
            digits = name.lstrip("0") or "0"
            vendor = self.vendors.get(int(digits)) if len(digits) < 20 else None
        else:
            vendor = next((v for v in self.vendors.values() if v.slug == name), None)
        return vendor if vendor and vendor.active else None

    def with_checks(self, fresh: Mapping[int, Check]) -> "Books":
        checks = {**self.checks, **{key: (*self.checks.get(key, ()), one) for key, one in fresh.items()}}
        return replace(self, checks=checks)


def read_books(document: Document) -> Books:
    """Raises KeyError, TypeError or ValueError for a document of another shape."""
    if document["version"] != 1:
        raise ValueError(f"version {document['version']!r} of the data set is not known")
    vendors = document["vendors"]
    return Books(
        vendors={item["id"]: _vendor(item) for item in vendors},
        metrics={item["id"]: _metrics(item["metrics"]) for item in vendors if item.get("metrics")},
        checks={item["id"]: tuple(map(_check, item.get("healthChecks", ()))) for item in vendors},
        telemetry=tuple(
            Telemetry(item["vendorId"], float(item["responseTimeMs"]), moment(item["createdAt"]))
            for item in document.get("telemetry", ())
        ),
        intents=tuple(
            Intent(
                item["vendorId"],
                item["agentId"],
                Decimal(item["amountUsd"]),
                item["status"],
                moment(item["createdAt"]),
            )
            for item in document.get("paymentIntents", ())
        ),
        disputes=tuple(Dispute(item["vendorId"], item["status"]) for item in document.get("disputes", ())),
    )


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _vendor(item: Document) -> Vendor:
    return Vendor(
        id=item["id"],
        app_id=item["appId"],
        slug=item["slug"],
        name=item["serviceName"],
        description=item["description"],
        category=item["category"],
        tags=tuple(item["tags"]),
        logo=item.get("logoUrl"),
        website=item.get("websiteUrl"),
        base_url=item["baseUrl"],
        health_path=item.get("healthEndpoint"),
        price=float(item["defaultPriceUsd"]),
        verified=item["isVerified"],
        featured=item.get("featuredOrder"),
        active=item["status"] == "active",
        created=moment(item["createdAt"]),
        endpoints=tuple(
            Endpoint(e["method"], e["path"], e["name"], e.get("description"), e.get("priceUsd"))
            for e in item.get("endpoints", ())
        ),
    )


def _metrics(item: Document) -> Metrics:
    last, updated = item.get("lastRequestAt"), item.get("updatedAt")
    return Metrics(
        uptime=float(item["uptimePct"]),
        latency=float(item["avgLatencyMs"]),
        p95=float(item["p95LatencyMs"]),
        p99=float(item["p99LatencyMs"]),
        rating=float(item["ratingScore"]),
        requests=item["totalRequests"],
        success=float(item["successRate"]),
        error=float(item["errorRate"]),
        agents=item["uniqueAgents"],
        revenue=Decimal(item["totalRevenueUsd"]),
        last_request=moment(last) if last else None,
        updated=moment(updated) if updated else None,
    )


def _check(item: Document) -> Check:
    return Check(
        status=item["status"],
        at=moment(item["checkedAt"]),
        milliseconds=item.get("responseTimeMs"),
        code=item.get("statusCode"),
        error=item.get("error"),
    )
