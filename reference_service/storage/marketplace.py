"""The marketplace's reads: each method is one or two statements and the values they make."""

from typing import Any

import msgspec

from reference_service.domain.answers import HealthAnswer, SearchAnswer
from reference_service.domain.search import Search
from reference_service.domain.vendor import (
    CategoryCount,
    Endpoint,
    HealthCheck,
    Metrics,
    QuickResult,
    Vendor,
    VendorDetails,
)
from reference_service.domain.vendor_key import VendorKey
from reference_service.storage.database import Database
from reference_service.storage.search_statement import prepared_statement, search_statement
from reference_service.storage.statements import statement, vendor_columns

_VENDOR_WIDTH = 19


class Marketplace:
    """Reads for the API. Every method raises UnavailableError where the database does not answer."""

    def __init__(self, database: Database) -> None:
        columns = vendor_columns()
        self._database = database
        self._columns = columns
        self._featured = statement("featured", columns=columns)
        self._categories = statement("categories")
        self._quick = statement("quick_search")
        self._endpoints = statement("endpoints")
        self._details = _by_key("details", columns=columns)
        self._health = _by_key("health_history")

    def search(self, search: Search) -> SearchAnswer:
        rows = self._database.rows(*prepared_statement(search, self._columns))
        rows = rows or self._database.rows(*search_statement(search, self._columns))
        total, facets = rows[0][0], rows[0][1]
        vendors = [_vendor(row[2:]) for row in rows if row[2] is not None]
        return SearchAnswer(
            vendors,
            total,
            search.offset + len(vendors) < total,
            [CategoryCount(category, count) for category, count in msgspec.json.decode(facets)],
        )

    def featured(self, limit: int) -> list[Vendor]:
        return [_vendor(row) for row in self._database.rows(self._featured, {"limit": limit})]

    def details(self, key: VendorKey) -> VendorDetails | None:
        if key.nobodys:
            return None
        rows = self._database.rows(self._details[key.id is not None], {"key": _name(key)})
        if not rows:
            return None
        endpoints = self._database.rows(self._endpoints, {"vendor_id": rows[0][0]})
        return _details(rows[0], [_endpoint(row) for row in endpoints])

    def health_history(self, key: VendorKey, limit: int) -> HealthAnswer | None:
        if key.nobodys:
            return None
        rows = self._database.rows(self._health[key.id is not None], {"key": _name(key), "limit": limit})
        if not rows:
            return None
        return HealthAnswer(rows[0][0], [_check(row) for row in rows if row[1] is not None])

    def categories(self) -> list[CategoryCount]:
        return [CategoryCount(*row) for row in self._database.rows(self._categories)]

    def quick_search(self, prefix: str, limit: int) -> list[QuickResult]:
        rows = self._database.rows(self._quick, {"prefix": prefix, "limit": limit})
        return [
            QuickResult(id=row[0], slug=row[1], service_name=row[2], category=row[3], rating=row[4])
            for row in rows
        ]


def _by_key(name: str, **slots: str) -> dict[bool, bytes]:
    """The statement by slug (False) and by id (True)."""
    return {
        False: statement(name, key="v.slug = %(key)s", **slots),
        True: statement(name, key="v.id = %(key)s", **slots),
    }


def _name(key: VendorKey) -> str | int:
    return key.text if key.id is None else key.id


def _vendor(row: tuple[Any, ...]) -> Vendor:
    return Vendor(**_vendor_fields(row))


def _vendor_fields(row: tuple[Any, ...]) -> dict[str, Any]:
    fields = dict(zip(Vendor.__struct_fields__, row[:_VENDOR_WIDTH], strict=True))
    fields["avg_latency_ms"] = _short(fields["avg_latency_ms"])
    return fields


def _details(row: tuple[Any, ...], endpoints: list[Endpoint]) -> VendorDetails:
    fields = _vendor_fields(row)
    website_url, created_at, p95, p99, error_rate, revenue, updated_at = row[_VENDOR_WIDTH:]
    metrics = Metrics(
        **{name: fields[name] for name in Metrics.__struct_fields__ if name in fields},
        p95_latency_ms=_short(p95),
        p99_latency_ms=_short(p99),
        error_rate=error_rate,
        total_revenue_usd=revenue,
        updated_at=updated_at,
    )
    return VendorDetails(
        **fields, website_url=website_url, created_at=created_at, metrics=metrics, endpoints=endpoints
    )


def _endpoint(row: tuple[Any, ...]) -> Endpoint:
    return Endpoint(method=row[0], path=row[1], name=row[2], description=row[3], price_usd=row[4])


def _check(row: tuple[Any, ...]) -> HealthCheck:
    return HealthCheck(
        status=row[1],
        response_time_ms=None if row[2] is None else _short(row[2]),
        status_code=row[3],
        error=row[4],
        checked_at=row[5],
    )


def _short(milliseconds: float) -> float:
    """Whole figures without a fraction, for clients that read integers."""
    return int(milliseconds) if milliseconds.is_integer() else milliseconds
