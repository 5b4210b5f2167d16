"""The API's composition root: builds the adapters, hands them over, returns the WSGI application."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import falcon
import structlog

from reference_service.api.answering import Answering
from reference_service.api.body import Bodies
from reference_service.api.bundle import Bundle
from reference_service.api.console import route_console
from reference_service.api.documentation import DocumentationResource
from reference_service.api.edge import Application, at_the_edge
from reference_service.api.errors import ErrorAnswers
from reference_service.api.exchange import PREFIX
from reference_service.api.lists import CategoriesResource, FeaturedResource, QuickSearchResource
from reference_service.api.middleware import Cors, Journal, RateLimiting
from reference_service.api.operations import (
    LiveResource,
    MetricsResource,
    OpenApiResource,
    ReadyResource,
    WorkersResource,
)
from reference_service.api.routing import ExactRouter
from reference_service.api.search import Searching, SearchResource, VendorsResource
from reference_service.api.vendor import VendorHealthResource, VendorResource
from reference_service.cache import AnswerCache, fresh_generation, open_redis
from reference_service.cache.admission import Admissions
from reference_service.domain.rate import RateLimit
from reference_service.settings import Settings
from reference_service.storage.database import Database
from reference_service.storage.marketplace import Marketplace
from reference_service.storage.operations import Operations
from reference_service.storage.pool import open_pool
from reference_service.telemetry.api_metrics import ApiMetrics

CONSOLE = Path(__file__).resolve().parent / "console" / "dist"
WsgiApp = falcon.App[falcon.Request, falcon.Response]


@dataclass(frozen=True, slots=True)
class Service:
    """The application, and what closes its connections."""

    application: Application
    close: Callable[[], None]


def create_service(settings: Settings) -> Service:
    """The whole API over its settings; opens the pool, waits for nothing."""
    log = structlog.get_logger("api")
    metrics = ApiMetrics(Path(settings.metrics_dir) if settings.metrics_dir else None)
    database = Database(open_pool(settings), metrics)
    redis = open_redis(settings)
    limit = RateLimit(settings.rate_limit_requests, settings.rate_limit_seconds)
    admissions = Admissions(redis, limit, fresh_generation)
    router = ExactRouter()
    app: WsgiApp = falcon.App(
        router=router,
        middleware=[
            Journal(metrics, log, router.endpoint_of),
            Cors(settings.cors_origins),
            RateLimiting(admissions, settings.trusted_proxies),
        ],
    )
    ErrorAnswers(log).install(app)
    cache = AnswerCache(redis)
    answering = Answering(cache)
    _route_marketplace(app, settings, Marketplace(database), answering, metrics)
    _route_operations(app, Operations(database), admissions, metrics, wants_redis=redis is not None)
    route_console(app, Bundle(CONSOLE))

    def close() -> None:
        cache.close()
        database.close()
        if redis:
            redis.close()

    return Service(at_the_edge(app), close)


def _route_marketplace(
    app: WsgiApp, settings: Settings, marketplace: Marketplace, answering: Answering, metrics: ApiMetrics
) -> None:
    searching = Searching(marketplace, answering, metrics, settings.cache_search_seconds)
    featured = FeaturedResource(marketplace, answering, settings.cache_featured_seconds)
    categories = CategoriesResource(marketplace, answering, settings.cache_categories_seconds)
    app.add_route(f"{PREFIX}/vendors", VendorsResource(searching))
    app.add_route(f"{PREFIX}/search", SearchResource(searching, Bodies(at_once=settings.pool_max)))
    app.add_route(f"{PREFIX}/vendors/featured", featured)
    app.add_route(f"{PREFIX}/vendors/{{key}}", VendorResource(marketplace))
    app.add_route(f"{PREFIX}/vendors/{{key}}/health", VendorHealthResource(marketplace))
    app.add_route(f"{PREFIX}/categories", categories)
    app.add_route(f"{PREFIX}/quick-search", QuickSearchResource(marketplace))


def _route_operations(
    app: WsgiApp, operations: Operations, admissions: Admissions, metrics: ApiMetrics, *, wants_redis: bool
) -> None:
    app.add_route("/health/live", LiveResource())
    app.add_route("/health/ready", ReadyResource(operations, admissions, wants_redis=wants_redis))
    app.add_route("/health/workers", WorkersResource(operations))
    app.add_route("/metrics", MetricsResource(metrics))
    app.add_route("/openapi.yaml", OpenApiResource())
    app.add_route("/docs", DocumentationResource())
