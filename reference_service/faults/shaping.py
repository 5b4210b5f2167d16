"""Answers whose members are of another name, type or form than the contract gives them."""

import re
from typing import Any

import msgspec

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, both, sql

_ENCODED = ("api.answering:encoded", "api.lists:encoded", "api.vendor:encoded", "api.operations:encoded")


def _shape(name: str, requirement: str, description: str, pattern: bytes, replacement: bytes) -> Fault:
    """What is encoded, rewritten as text."""

    def rewritten(right: Any) -> Any:
        return lambda document: re.sub(pattern, replacement, right(document))

    return Fault(
        name,
        description,
        (requirement,),
        Level.SEEDED,
        both(*(around(place, rewritten) for place in _ENCODED)),
    )


def _always_scored(right: Any) -> Any:
    def vendor(row: Any) -> Any:
        found = right(row)
        return msgspec.structs.replace(found, relevance_score=found.relevance_score or 0.0)

    return vendor


def _without_endpoints_by_slug(right: Any) -> Any:
    def details(self: Any, key: Any) -> Any:
        found = right(self, key)
        return found and msgspec.structs.replace(
            found, endpoints=found.endpoints if key.id is not None else []
        )

    return details


FAULTS = (
    _shape(
        "times-with-an-offset",
        "DOC-02",
        "times end in +00:00 instead of Z",
        rb'(T\d\d:\d\d:\d\d[.\d]*)Z"',
        rb'\1+00:00"',
    ),
    _shape(
        "one-name-in-snake-case",
        "DOC-02",
        "successRate is called success_rate",
        rb'"successRate":',
        rb'"success_rate":',
    ),
    _shape(
        "revenue-is-a-number",
        "API-08",
        "revenue is a JSON number, not a decimal string",
        rb'"totalRevenueUsd":"([\d.]+)"',
        rb'"totalRevenueUsd":\1',
    ),
    _shape(
        "prices-are-texts",
        "DOC-02",
        "the default price is a string",
        rb'"defaultPriceUsd":([-\d.e]+)',
        rb'"defaultPriceUsd":"\1"',
    ),
    _shape(
        "vendor-id-of-health-is-text",
        "API-11",
        "the health answer's vendorId is a string",
        rb'"vendorId":(\d+)',
        rb'"vendorId":"\1"',
    ),
    _shape(
        "no-endpoints-no-member",
        "API-08",
        "a vendor without endpoints has no member endpoints, instead of an empty list",
        rb',"endpoints":\[\]',
        rb"",
    ),
    Fault(
        "scored-without-a-query",
        "relevanceScore is there, as 0, without a query too",
        ("DOC-02", "API-02"),
        Level.SEEDED,
        around("storage.marketplace:_vendor", _always_scored),
    ),
    Fault(
        "revenue-in-cents",
        "revenue is rounded to two places",
        ("API-08",),
        Level.SEEDED,
        sql(
            "details",
            "round(coalesce(m.total_revenue_usd, 0), 6)",
            "round(coalesce(m.total_revenue_usd, 0), 2)",
        ),
    ),
    Fault(
        "p99-shows-p95",
        "p99LatencyMs repeats p95LatencyMs",
        ("API-08",),
        Level.SEEDED,
        sql("details", "coalesce(m.p99_latency_ms, 0)", "coalesce(m.p95_latency_ms, 0)"),
    ),
    Fault(
        "no-endpoints-by-slug",
        "details by slug leave the endpoints out",
        ("API-09",),
        Level.SEEDED,
        around("storage.marketplace:Marketplace.details", _without_endpoints_by_slug),
    ),
)
