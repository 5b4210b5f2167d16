"""`/health/*`, `/metrics` and `/openapi.yaml`: for operators, without a rate limit."""

from importlib.resources import files

import falcon
import msgspec

from reference_service.api.answering import encoded
from reference_service.cache.admission import Admissions
from reference_service.domain.answers import WorkersAnswer
from reference_service.domain.errors import UnavailableError
from reference_service.domain.progress import NO_PROGRESS, workers_answer
from reference_service.storage.operations import Operations
from reference_service.telemetry.api_metrics import CONTENT_TYPE, ApiMetrics


class _Live(msgspec.Struct, frozen=True):
    status: str


class _Ready(msgspec.Struct, frozen=True, rename="camel"):
    """`rate_limit` is "shared" by all processes, or "per process" without Redis."""

    status: str
    rate_limit: str


class LiveResource:
    endpoint = "live"

    def on_get(self, _: falcon.Request, response: falcon.Response) -> None:
        _answer(response, _Live("live"))


class ReadyResource:
    endpoint = "ready"

    def __init__(self, operations: Operations, admissions: Admissions, *, wants_redis: bool) -> None:
        self._operations, self._admissions, self._wants_redis = operations, admissions, wants_redis

    def on_get(self, _: falcon.Request, response: falcon.Response) -> None:
        if not self._operations.migrations_are_current():
            raise UnavailableError("the database's migrations are not current")
        shared = self._admissions.answers()
        degraded = self._wants_redis and not shared
        _answer(response, _Ready("degraded" if degraded else "ready", "shared" if shared else "per process"))


class WorkersResource:
    endpoint = "workers"

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    def on_get(self, _: falcon.Request, response: falcon.Response) -> None:
        _answer(response, self._workers())

    def _workers(self) -> WorkersAnswer:
        try:
            return workers_answer(self._operations.heartbeats())
        except UnavailableError:
            return NO_PROGRESS


class MetricsResource:
    endpoint = "metrics"

    def __init__(self, metrics: ApiMetrics) -> None:
        self._metrics = metrics

    def on_get(self, _: falcon.Request, response: falcon.Response) -> None:
        response.content_type = CONTENT_TYPE
        response.data = self._metrics.exposition()


class OpenApiResource:
    endpoint = "openapi"

    def __init__(self) -> None:
        self._document = (files("reference_service") / "openapi.yaml").read_bytes()

    def on_get(self, _: falcon.Request, response: falcon.Response) -> None:
        response.content_type = "application/yaml"
        response.data = self._document


def _answer(response: falcon.Response, document: msgspec.Struct) -> None:
    response.content_type = falcon.MEDIA_JSON
    response.set_header("Cache-Control", "no-store")
    response.data = encoded(document)
