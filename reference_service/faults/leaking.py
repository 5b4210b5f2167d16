"""Inactive vendors that show through, and vendors found by names that are not theirs."""

from typing import Any

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, sql


def _leak(name: str, description: str, requirement: str, query: str, old: str, new: str) -> Fault:
    return Fault(name, description, (requirement,), Level.SEEDED, sql(query, old, new))


def _by_lower_case(right: Any) -> Any:
    def keys(name: str, **slots: str) -> Any:
        found = right(name, **slots)
        return {**found, False: found[False].replace(b"v.slug = %(key)s", b"lower(v.slug) = lower(%(key)s)")}

    return keys


FAULTS = (
    _leak(
        "details-of-inactive",
        "an inactive vendor's details can be read",
        "API-10",
        "details",
        "v.status = 'active' AND",
        "",
    ),
    _leak(
        "inactive-in-quick-search",
        "quick search finds inactive vendors",
        "API-13",
        "quick_search",
        "WHERE v.status = 'active'",
        "",
    ),
    _leak(
        "inactive-counted-in-categories",
        "categories count inactive vendors",
        "API-12",
        "categories",
        "WHERE status = 'active'",
        "",
    ),
    _leak(
        "quick-search-by-volume-only",
        "names that start with the prefix do not come first",
        "API-13",
        "quick_search",
        "starts_with(folded_name(v.service_name), asked.prefix) DESC,",
        "",
    ),
    Fault(
        "slug-in-any-case",
        "a slug is found in any case",
        ("API-09",),
        Level.SEEDED,
        around("storage.marketplace:_by_key", _by_lower_case),
    ),
    _leak(
        "history-of-inactive",
        "an inactive vendor's health history can be read",
        "API-11",
        "health_history",
        "v.status = 'active' AND",
        "",
    ),
    _leak(
        "inactive-among-featured",
        "an inactive vendor may be featured",
        "API-07",
        "featured",
        "v.status = 'active' AND",
        "",
    ),
    _leak(
        "inactive-in-searches",
        "a search finds inactive vendors",
        "API-01",
        "search",
        "WHERE v.status = 'active'",
        "WHERE true",
    ),
    _leak(
        "unmeasured-were-never-up",
        "a vendor without a metrics row shows an uptime of 0",
        "API-08",
        "vendor_columns",
        "coalesce(m.uptime_pct, 100) AS uptime_pct",
        "coalesce(m.uptime_pct, 0) AS uptime_pct",
    ),
)
