"""Small data sets for worker rounds: vendors that differ in one thing."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from harness.fixtures.dataset import Dataset, HealthCheck, Vendor


def now() -> datetime:
    """This moment, cut to whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def plain_vendor(number: int, name: str, at: datetime) -> Vendor:
    """A vendor without a history and without a health endpoint."""
    return Vendor(
        id=number,
        app_id=f"mp_app_{number}",
        slug=f"worker-case-{number}",
        service_name=name,
        description="A vendor for the workers",
        category="workers",
        tags=("case",),
        logo_url=None,
        website_url=None,
        base_url="http://127.0.0.1:9",
        health_endpoint=None,
        default_price_usd=0.001,
        is_verified=False,
        featured_order=None,
        status="active",
        created_at=at - timedelta(days=400),
        metrics=None,
        endpoints=(),
        health_checks=(),
    )


def checked_vendor(number: int, name: str, base_url: str, path: str | None, at: datetime) -> Vendor:
    return msgspec.structs.replace(plain_vendor(number, name, at), base_url=base_url, health_endpoint=path)


def past_check(status: str, at: datetime) -> HealthCheck:
    up = status == "up"
    return msgspec.convert(
        {
            "status": status,
            "responseTimeMs": 42 if up else None,
            "statusCode": 200 if up else None,
            "error": None if up else "timeout",
            "checkedAt": at,
        },
        HealthCheck,
    )


def dataset_of(vendors: Iterable[Vendor]) -> Dataset:
    return Dataset(version=1, vendors=tuple(vendors))
