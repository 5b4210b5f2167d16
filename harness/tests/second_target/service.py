"""The marketplace behind its routes: what each call answers, without HTTP's wrapping."""

import ipaddress
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from harness.tests.second_target import searching, views
from harness.tests.second_target.aggregating import aggregated
from harness.tests.second_target.asking import (
    RefusedError,
    Search,
    bad,
    read_query,
    search_from_body,
    search_from_query,
    whole,
)
from harness.tests.second_target.checking import check_all
from harness.tests.second_target.records import Books, Vendor, read_books
from harness.tests.second_target.telemetry import Telemetry

INTERVALS = {
    "healthChecker": timedelta(minutes=1),
    "metricsAggregator": timedelta(minutes=5),
    "partitionManager": timedelta(days=1),
}


@dataclass(frozen=True)
class Call:
    """`path` are the decoded segments below the base path; `query` is raw."""

    method: str
    path: tuple[str, ...]
    query: str = ""
    body: bytes = b""
    content_type: str | None = None


@dataclass
class Service:
    telemetry: Telemetry
    books: Books = field(default_factory=Books)
    heartbeats: dict[str, datetime] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    # The seven endpoints

    def vendors(self, call: Call) -> views.Shown:
        return self._search(search_from_query(call.query))

    def post_search(self, call: Call) -> views.Shown:
        return self._search(search_from_body(call.body, call.content_type))

    def _search(self, search: Search) -> views.Shown:
        started = time.monotonic()
        found = searching.run(self.books, search)
        self.telemetry.observe("discovery_search_duration_seconds", time.monotonic() - started)
        self.telemetry.observe("discovery_search_results_total", found.total)
        return {
            "categories": views.facets(found.facets),
            "hasMore": search.offset + len(found.page) < found.total,
            "total": found.total,
            "vendors": [views.result(hit) for hit in found.page],
            "page": {"offset": min(search.offset, 2**53), "limit": search.limit},
        }

    def featured(self, call: Call) -> views.Shown:
        hits = searching.featured(self.books, _limit(call.query, default=10, most=20))
        return {"vendors": [views.result(hit) for hit in hits], "shown": len(hits)}

    def details(self, call: Call) -> views.Shown:
        vendor = self._vendor(call.path[1])
        return views.details(vendor, self.books.metrics_of(vendor))

    def health(self, call: Call) -> views.Shown:
        vendor = self._vendor(call.path[1])
        limit = _limit(call.query, default=24, most=100)
        checks = sorted(self.books.checks.get(vendor.id, ()), key=lambda check: check.at, reverse=True)
        return {"checks": [views.check(one) for one in checks[:limit]], "vendorId": vendor.id}

    def categories(self, _: Call) -> views.Shown:
        active = (vendor for vendor in self.books.vendors.values() if vendor.active)
        return {"categories": views.facets(searching.count_categories(active))}

    def quick_search(self, call: Call) -> views.Shown:
        given = read_query(call.query, ("q", "limit"))
        if "q" not in given:
            raise bad("q", "is missing")
        prefix = given["q"].strip()
        if not 2 <= len(prefix) <= 100:
            raise bad("q", "must have 2 to 100 characters")
        limit = whole("limit", given.get("limit", "5"), 1, 10)
        return {"results": [views.quick_result(hit) for hit in searching.quick(self.books, prefix, limit)]}

    def _vendor(self, name: str) -> Vendor:
        vendor = self.books.find(name)
        if vendor is None:
            raise RefusedError(404, "not_found", "Nobody of that name trades here.")
        return vendor

    # Operations

    def workers(self) -> views.Shown:
        now = datetime.now(UTC)
        workers: dict[str, Any] = {}
        for name, interval in INTERVALS.items():
            last = self.heartbeats.get(name)
            running = last is not None and now - last <= 3 * interval
            workers[name] = {"lastRun": last and views.stamp(last), "running": running}
        words = {len(INTERVALS): "healthy", 0: "unhealthy"}
        count = sum(worker["running"] for worker in workers.values())
        return {"workers": workers, "status": words.get(count, "degraded")}

    # What commands do; one at a time

    def load(self, document: dict[str, Any]) -> None:
        books = read_books(document)
        with self.lock:
            self.books = books

    def check_health(self, networks: str, seconds: float) -> None:
        allowed = [ipaddress.ip_network(text.strip()) for text in networks.split(",") if text.strip()]
        with self.lock:
            fresh = check_all(self.books, allowed, seconds)
            self.books = self.books.with_checks(fresh)
            self.heartbeats["healthChecker"] = datetime.now(UTC)
        for vendor, check in fresh.items():
            self.telemetry.count("health_check_status_total", vendor_id=str(vendor), status=check.status)
            spent = (check.milliseconds or 0) / 1000
            self.telemetry.observe("health_check_duration_seconds", spent, vendor_id=str(vendor))
            self.telemetry.count("health_check_errors_total", by=check.status != "up")

    def aggregate(self) -> None:
        started = time.monotonic()
        with self.lock:
            self.books = aggregated(self.books)
            self.heartbeats["metricsAggregator"] = datetime.now(UTC)
        self.telemetry.count("metrics_vendors_processed_total", by=len(self.books.vendors))
        self.telemetry.observe("metrics_aggregation_duration_seconds", time.monotonic() - started)


def _limit(query: str, *, default: int, most: int) -> int:
    given = read_query(query, ("limit",))
    return whole("limit", given.get("limit", str(default)), 1, most)


Answerer = Callable[[Service, Call], views.Shown]


@dataclass(frozen=True)
class Route:
    """`cached` is for how many seconds an answer may be kept, or None."""

    method: str
    name: str
    answer: Answerer
    cached: int | None = None


def find_route(path: tuple[str, ...]) -> Route | None:
    match path:
        case ("vendors",):
            return Route("GET", "vendors", Service.vendors, 60)
        case ("search",):
            return Route("POST", "search", Service.post_search)
        case ("vendors", "featured"):
            return Route("GET", "featured", Service.featured, 300)
        case ("categories",):
            return Route("GET", "categories", Service.categories, 300)
        case ("quick-search",):
            return Route("GET", "quick-search", Service.quick_search, 60)
        case ("vendors", _):
            return Route("GET", "vendor", Service.details, 60)
        case ("vendors", _, "health"):
            return Route("GET", "vendor-health", Service.health, 30)
    return None
