"""The JSON of the answers: with fields that nobody asked for, as the contract allows."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from harness.tests.second_target.records import Check, Metrics, Vendor
from harness.tests.second_target.searching import Hit

Shown = dict[str, Any]


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _without_nulls(**fields: object) -> Shown:
    return {name: value for name, value in fields.items() if value is not None}


def result(hit: Hit) -> Shown:
    vendor, metrics = hit.vendor, hit.metrics
    return _without_nulls(
        shownBy="second",
        relevanceScore=hit.score,
        ratingScore=metrics.rating,
        uptimePct=metrics.uptime,
        avgLatencyMs=metrics.latency,
        totalRequests=metrics.requests,
        successRate=metrics.success,
        uniqueAgents=metrics.agents,
        lastRequestAt=metrics.last_request and stamp(metrics.last_request),
        tags=list(vendor.tags),
        category=vendor.category,
        defaultPriceUsd=vendor.price,
        description=vendor.description,
        serviceName=vendor.name,
        isVerified=vendor.verified,
        featuredOrder=vendor.featured,
        logoUrl=vendor.logo,
        appId=vendor.app_id,
        slug=vendor.slug,
        id=vendor.id,
    )


def details(vendor: Vendor, metrics: Metrics) -> Shown:
    return result(Hit(vendor, metrics, None)) | _without_nulls(
        endpoints=[
            _without_nulls(
                path=e.path, method=e.method, name=e.name, description=e.description, priceUsd=e.price
            )
            for e in vendor.endpoints
        ],
        metrics=_without_nulls(
            uptimePct=metrics.uptime,
            avgLatencyMs=metrics.latency,
            p95LatencyMs=metrics.p95,
            p99LatencyMs=metrics.p99,
            ratingScore=metrics.rating,
            totalRequests=metrics.requests,
            successRate=metrics.success,
            errorRate=metrics.error,
            uniqueAgents=metrics.agents,
            totalRevenueUsd=str(metrics.revenue.quantize(Decimal("0.000001"))),
            lastRequestAt=metrics.last_request and stamp(metrics.last_request),
            updatedAt=metrics.updated and stamp(metrics.updated),
        ),
        websiteUrl=vendor.website,
        createdAt=stamp(vendor.created),
    )


def quick_result(hit: Hit) -> Shown:
    return {
        "rating": hit.metrics.rating,
        "category": hit.vendor.category,
        "serviceName": hit.vendor.name,
        "slug": hit.vendor.slug,
        "id": hit.vendor.id,
        "verified": hit.vendor.verified,
    }


def check(one: Check) -> Shown:
    return _without_nulls(
        checkedAt=stamp(one.at),
        status=one.status,
        error=one.error,
        statusCode=one.code,
        responseTimeMs=one.milliseconds,
    )


def facets(counts: list[tuple[str, int]]) -> list[Shown]:
    return [{"count": count, "category": name} for name, count in counts]
