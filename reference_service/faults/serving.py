"""Origins, validators, health and metrics that are nearly right."""

import secrets
from dataclasses import replace
from types import SimpleNamespace
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


def _without_header(header: str, *statuses: int) -> Any:
    """Answers of these statuses, or of all, lose a header."""

    def wrap(right: Any) -> Any:
        def write(*arguments: Any) -> None:
            right(*arguments)
            response = next(one for one in arguments if hasattr(one, "delete_header"))
            if not statuses or response.status_code in statuses:
                response.delete_header(header)

        return write

    return wrap


def _whatever_the_method(right: Any) -> Any:
    def write(request: Any, response: Any, body: bytes) -> None:
        request.method, method = "GET", request.method
        right(request, response, body)
        request.method = method

    return write


def _new_tag_each_time(right: Any) -> Any:
    def write(request: Any, response: Any, body: bytes) -> None:
        right(request, response, body)
        if response.data:
            response.set_header("ETag", f'"{secrets.token_hex(8)}"')

    return write


def _errors_unchanged(right: Any) -> Any:
    def answer(self: Any, request: Any, response: Any, error: Any) -> None:
        right(self, request, response, error)
        if request.get_header("If-None-Match") == "*":
            response.status, response.data = "304 Not Modified", None

    return answer


def _key_without(**forgotten: object) -> Any:
    def wrap(right: Any) -> Any:
        def key(kind: str, parameters: Any) -> str:
            known = replace(parameters, **forgotten) if kind == "search" else parameters
            found: str = right(kind, known)
            return found

        return key

    return wrap


def _origins(*more: str) -> Any:
    def wrap(right: Any) -> Any:
        def start(self: Any, origins: Any) -> None:
            right(self, (*origins, *more))

        return start

    return wrap


def _unhealthy_is_503(right: Any) -> Any:
    def on_get(self: Any, request: Any, response: Any) -> None:
        right(self, request, response)
        if b'"status":"healthy"' not in response.data:
            response.status = "503 Service Unavailable"

    return on_get


def _nulls_left_out(right: Any) -> Any:
    def on_get(self: Any, request: Any, response: Any) -> None:
        right(self, request, response)
        response.data = response.data.replace(b',"lastRun":null', b"")

    return on_get


def _running_from_the_start(right: Any) -> Any:
    return type(right)(True, None)


def _one_error(right: Any) -> Any:
    return lambda self, endpoint, _: right(self, endpoint, "error")


def _as_json(right: Any) -> Any:
    def on_get(self: Any, request: Any, response: Any) -> None:
        right(self, request, response)
        response.content_type = "application/json"

    return on_get


def _one_tag(_: bytes, digest_size: int) -> Any:
    return SimpleNamespace(hexdigest=lambda: "0" * 2 * digest_size)


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
    _fault(
        "no-tag-on-304",
        "PRF-01",
        "a 304 does not repeat the ETag",
        around("api.answering:write", _without_header("ETag", 304)),
    ),
    _fault(
        "no-cache-control",
        "PRF-01",
        "no answer says for how long it may be kept",
        around("api.answering:write", _without_header("Cache-Control")),
    ),
    _fault(
        "a-new-tag-each-time",
        "PRF-01",
        "the same answer has another ETag each time",
        around("api.answering:write", _new_tag_each_time),
    ),
    _fault(
        "one-tag-for-all",
        "PRF-01",
        "all answers have the same ETag",
        name("api.answering:hashlib", SimpleNamespace(blake2b=_one_tag)),
    ),
    _fault(
        "errors-are-unchanged",
        "PRF-01",
        "If-None-Match: * makes a 304 of an error",
        around("api.errors:ErrorAnswers._answer", _errors_unchanged),
    ),
    _fault(
        "posts-are-unchanged",
        "PRF-01",
        "If-None-Match makes a 304 of the answer to a POST",
        around("api.answering:write", _whatever_the_method),
    ),
    Fault(
        "cache-forgets-the-category",
        "the cache takes searches of different categories for one",
        ("PRF-01", "API-03"),
        Level.SEEDED,
        around("cache.answers:answer_key", _key_without(categories=())),
    ),
    Fault(
        "cache-forgets-the-page",
        "the cache takes the pages of a search for one",
        ("PRF-01", "API-05"),
        Level.SEEDED,
        around("cache.answers:answer_key", _key_without(offset=0)),
    ),
    _fault(
        "null-origin-allowed",
        "CHK-13",
        "the origin null may read answers",
        around("api.middleware:Cors.__init__", _origins("null")),
    ),
    _fault(
        "evil-origin-allowed",
        "CHK-13",
        "an origin that is not configured may read answers",
        around("api.middleware:Cors.__init__", _origins("http://evil.example")),
    ),
    _fault(
        "preflight-without-headers",
        "CHK-13",
        "a preflight does not allow the Content-Type that a search by POST needs",
        around("api.middleware:Cors.process_response", _without_header("Access-Control-Allow-Headers")),
    ),
    _fault(
        "unhealthy-workers-are-503",
        "MON-06",
        "/health/workers answers 503 unless all workers run",
        around("api.operations:WorkersResource.on_get", _unhealthy_is_503),
    ),
    _fault(
        "last-run-left-out",
        "MON-06",
        "lastRun is left out before the first run, instead of null",
        around("api.operations:WorkersResource.on_get", _nulls_left_out),
    ),
    _fault(
        "running-from-the-start",
        "MON-06",
        "a worker runs before its first round",
        around("domain.progress:NEVER", _running_from_the_start),
    ),
    _fault(
        "errors-not-counted",
        "MON-01",
        "discovery_errors_total does not grow",
        name("telemetry.api_metrics:ApiMetrics.error", lambda *_: None),
    ),
    _fault(
        "errors-of-one-type",
        "MON-01",
        "all errors are counted under one type",
        around("telemetry.api_metrics:ApiMetrics.error", _one_error),
    ),
    _fault(
        "metrics-called-json",
        "MON-01",
        "/metrics says that it is JSON",
        around("api.operations:MetricsResource.on_get", _as_json),
    ),
)
