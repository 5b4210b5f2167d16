"""The documents that the endpoints answer with."""

from datetime import datetime

from msgspec import Struct

from reference_service.domain.vendor import CategoryCount, HealthCheck, QuickResult, Vendor


class SearchAnswer(Struct, frozen=True, rename="camel"):
    vendors: list[Vendor]
    total: int
    has_more: bool
    categories: list[CategoryCount]


class FeaturedAnswer(Struct, frozen=True):
    vendors: list[Vendor]


class HealthAnswer(Struct, frozen=True, rename="camel"):
    vendor_id: int
    checks: list[HealthCheck]


class CategoriesAnswer(Struct, frozen=True):
    categories: list[CategoryCount]


class QuickAnswer(Struct, frozen=True):
    results: list[QuickResult]


class WorkerState(Struct, frozen=True, rename="camel"):
    """`last_run` None, shown as null: no round yet."""

    running: bool
    last_run: datetime | None


class WorkerStates(Struct, frozen=True, rename="camel"):
    health_checker: WorkerState
    metrics_aggregator: WorkerState
    partition_manager: WorkerState


class WorkersAnswer(Struct, frozen=True):
    status: str
    workers: WorkerStates
