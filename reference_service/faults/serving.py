"""Origins, validators, health and metrics that are nearly right."""

from typing import Any

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, name


def _fault(fault: str, requirement: str, description: str, install: Any) -> Fault:
    return Fault(fault, description, (requirement,), Level.OPERATIONS, install)


def _any_subdomain(right: Any) -> Any:
    def write(self: Any, request: Any, response: Any, *rest: object) -> None:
        origin = request.get_header("Origin") or ""
        if any(origin.startswith(known) for known in self._origins):
            self._origins |= {origin}
        right(self, request, response, *rest)

    return write


def _only_on_success(right: Any) -> Any:
    def write(self: Any, request: Any, response: Any, *rest: object) -> None:
        right(self, request, response, *rest)
        if response.status_code >= 400:
            response.delete_header("Access-Control-Allow-Origin")

    return write


def _exactly(if_none_match: str | None, tag: str) -> bool:
    return if_none_match == tag


def _one_process(right: Any) -> Any:
    return lambda self, _: right(self, None)


def _one_label(right: Any) -> Any:
    return lambda self, _: right(self, "marketplace")


def _milliseconds(right: Any) -> Any:
    return lambda self, seconds: right(self, seconds * 1000)


def _all_well(right: Any) -> Any:
    return lambda _: type(right({}))("healthy", right({}).workers)


FAULTS = (
    _fault(
        "origin-by-prefix",
        "CHK-13",
        "an origin that begins like an allowed one is allowed",
        around("api.middleware:Cors.process_response", _any_subdomain),
    ),
    _fault(
        "errors-hidden-from-browsers",
        "CHK-13",
        "an allowed origin may not read errors",
        around("api.middleware:Cors.process_response", _only_on_success),
    ),
    _fault(
        "limits-not-exposed",
        "CHK-13",
        "the rate-limit headers are not exposed to browsers",
        name("api.middleware:_EXPOSED", "X-Request-Id, ETag"),
    ),
    _fault(
        "one-validator-only",
        "PRF-01",
        "If-None-Match is compared as one text: no list, no weak tag, no *",
        name("api.answering:_names", _exactly),
    ),
    _fault(
        "metrics-of-one-process",
        "MON-01",
        "/metrics tells of the process that happens to answer",
        around("telemetry.api_metrics:ApiMetrics.__init__", _one_process),
    ),
    _fault(
        "endpoints-counted-as-one",
        "MON-01",
        "all requests are counted under one endpoint",
        around("telemetry.api_metrics:ApiMetrics.request", _one_label),
    ),
    _fault(
        "seconds-are-milliseconds",
        "MON-01",
        "search durations are observed in milliseconds",
        around("telemetry.api_metrics:ApiMetrics.searched", _milliseconds),
    ),
    _fault(
        "workers-always-healthy",
        "MON-06",
        "the workers' status is healthy whatever they do",
        around("api.operations:workers_answer", _all_well),
    ),
)
