"""The API in this process, over a small data set of its own, asked without a network."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import msgspec

from reference_service.api.edge import Application
from reference_service.app import create_service
from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.fixture_document import FixtureDocument
from reference_service.storage.fixture_loader import replace_all
from reference_service.storage.migrator import migrate_up
from reference_service.tests.api.document import HOOKS
from reference_service.tests.api.wsgi import WsgiTransport

BASE = "/v1/marketplace"
NOW = "2026-03-04T05:06:07.891Z"


@dataclass(frozen=True, slots=True)
class Api:
    """Asks the application; `settings` are those that it runs with."""

    settings: Settings
    application: Application
    client: httpx.Client
    loaded: list[tuple[Mapping[str, object], ...]] = field(default_factory=list)

    def as_client(self, peer: str) -> httpx.Client:
        """The same application, asked from another address."""
        return httpx.Client(
            transport=WsgiTransport(self.application, peer),
            base_url="http://api.test" + BASE,
            event_hooks=HOOKS,
        )

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.client.get(BASE + path, headers=headers)

    def search(self, body: bytes, content_type: str | None = "application/json") -> httpx.Response:
        headers = {"Content-Type": content_type} if content_type else {}
        return self.client.post(f"{BASE}/search", content=body, headers=headers)

    def load(self, *vendors: Mapping[str, object]) -> None:
        """Replace all data by these vendors, unless they are what was loaded last: the API only reads."""
        if self.loaded == [vendors]:
            return
        self.loaded[:] = [vendors]
        document = msgspec.convert({"version": 1, "vendors": vendors}, FixtureDocument)
        with open_connection(self.settings) as connection:
            replace_all(connection, document)


@contextmanager
def open_api(database_url: str, *, migrated: bool = True, **overrides: object) -> Iterator[Api]:
    """The API over a database that is migrated here; a rate limit that no test reaches by chance."""
    values = {"database_url": database_url, "pool_min": 1, "pool_max": 4, "rate_limit_requests": 10_000}
    settings = Settings(**(values | overrides))  # type: ignore[arg-type]  # values by name
    if migrated:
        with open_connection(settings) as connection:
            migrate_up(connection)
    service = create_service(settings)
    try:
        transport = WsgiTransport(service.application)
        with httpx.Client(transport=transport, base_url="http://api.test", event_hooks=HOOKS) as client:
            yield Api(settings, service.application, client)
    finally:
        service.close()


def vendor(number: int, **overrides: object) -> dict[str, object]:
    """A vendor of the data-set document, plain but for what is said."""
    return {
        "id": number,
        "appId": f"mp_app_{number}",
        "slug": f"vendor-{number}",
        "serviceName": f"Vendor {number}",
        "description": "",
        "category": "data",
        "baseUrl": "http://127.0.0.1:9",
        "defaultPriceUsd": "0.001",
        "createdAt": NOW,
    } | overrides


def metrics(**overrides: object) -> dict[str, object]:
    return {
        "uptimePct": 99.5,
        "avgLatencyMs": 45,
        "p95LatencyMs": 120,
        "p99LatencyMs": 250,
        "ratingScore": 4.5,
        "totalRequests": 1000,
        "successRate": 99,
        "errorRate": 1,
        "uniqueAgents": 7,
        "totalRevenueUsd": "12.5",
        "lastRequestAt": NOW,
        "updatedAt": NOW,
    } | overrides
