"""What every request passes: its identity, CORS, the rate limit; and what every answer leaves behind."""

import re
import secrets
import time
from collections.abc import Callable, Iterable

import falcon
import structlog

from reference_service.api.edge import SENT_METHOD
from reference_service.api.errors import methods
from reference_service.api.exchange import Exchange, exchange_of, is_marketplace
from reference_service.cache.admission import Admissions
from reference_service.domain.errors import RateLimitedError
from reference_service.domain.rate import Network, client_of
from reference_service.telemetry.api_metrics import ApiMetrics

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
LONGEST_SHOWN = 500
"""Of a path or a query in the access line; a caller may send a hundred times as much."""
_EXPOSED = "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, X-Request-Id, ETag"


class Journal:
    """Gives each request its id, and writes its access line and its counts when it is answered."""

    def __init__(
        self,
        metrics: ApiMetrics,
        log: structlog.typing.FilteringBoundLogger,
        endpoint_of: Callable[[str], str],
    ) -> None:
        self._metrics = metrics
        self._log = log
        self._endpoint_of = endpoint_of

    def process_request(self, request: falcon.Request, _: falcon.Response) -> None:
        given = request.get_header("X-Request-Id") or ""
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        request.context.exchange = Exchange(request_id)

    def process_response(
        self, request: falcon.Request, response: falcon.Response, _: object, __: bool
    ) -> None:
        exchange = exchange_of(request)
        response.set_header("X-Request-Id", exchange.request_id)
        response.set_header("X-Content-Type-Options", "nosniff")
        if is_marketplace(request.path):
            # Not by the resource that answered: who is refused for the rate meets none.
            endpoint = self._endpoint_of(request.path)
            self._metrics.request(endpoint)
            if exchange.error:
                self._metrics.error(endpoint, exchange.error)
        self._log.info(
            "request",
            method=request.env.get(SENT_METHOD, request.method)[:20],
            path=_cut(request.path),
            query=_cut(request.query_string),
            status=response.status_code,
            error=exchange.error or None,
            client=exchange.client or request.remote_addr,
            milliseconds=round((time.perf_counter() - exchange.started) * 1000, 3),
        )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


class Cors:
    """Cross-origin access for the configured origins."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origins)

    def process_response(
        self, request: falcon.Request, response: falcon.Response, _: object, __: bool
    ) -> None:
        response.append_header("Vary", "Origin")
        allowed = methods((response.get_header("Allow") or "").split(", "))
        if allowed:
            response.set_header("Allow", ", ".join(allowed))
        origin = request.get_header("Origin")
        if origin is None or not ("*" in self._origins or origin in self._origins):
            return
        response.set_header("Access-Control-Allow-Origin", origin)
        response.set_header("Access-Control-Expose-Headers", _EXPOSED)
        if request.method == "OPTIONS" and request.get_header("Access-Control-Request-Method"):
            response.set_header("Access-Control-Allow-Methods", ", ".join(allowed))
            response.set_header("Access-Control-Allow-Headers", "Content-Type, If-None-Match, X-Request-Id")
            response.set_header("Access-Control-Max-Age", "600")


class RateLimiting:
    """Counts the marketplace's requests by client, and refuses those past the limit."""

    def __init__(self, admissions: Admissions, trusted_proxies: Iterable[Network]) -> None:
        self._admissions = admissions
        self._trusted = tuple(trusted_proxies)

    def process_request(self, request: falcon.Request, _: falcon.Response) -> None:
        if not is_marketplace(request.path):
            return
        exchange = exchange_of(request)
        exchange.client = client_of(request.remote_addr, request.get_header("X-Forwarded-For"), self._trusted)
        exchange.admission = self._admissions.admit(exchange.client)
        if not exchange.admission.hit.served:
            raise RateLimitedError(exchange.admission.hit.retry_after)

    def process_response(
        self, request: falcon.Request, response: falcon.Response, _: object, __: bool
    ) -> None:
        admission = exchange_of(request).admission
        if admission is None:
            return
        hit = admission.hit
        response.set_header("X-RateLimit-Limit", str(hit.limit.requests))
        response.set_header("X-RateLimit-Remaining", str(hit.remaining))
        response.set_header("X-RateLimit-Reset", str(hit.reset))
