"""Errors on the wire: one shape, whatever failed and whatever the caller accepts."""

from types import MappingProxyType

import falcon
import msgspec
import structlog

from reference_service.api.exchange import exchange_of
from reference_service.domain.errors import (
    InvalidRequestError,
    MethodNotAllowedError,
    NotFoundError,
    PayloadTooLargeError,
    RateLimitedError,
    ServiceError,
    UnavailableError,
    UnsupportedMediaTypeError,
)

_STATUSES = MappingProxyType(
    {
        InvalidRequestError.code: falcon.HTTP_400,
        NotFoundError.code: falcon.HTTP_404,
        MethodNotAllowedError.code: falcon.HTTP_405,
        PayloadTooLargeError.code: falcon.HTTP_413,
        UnsupportedMediaTypeError.code: falcon.HTTP_415,
        RateLimitedError.code: falcon.HTTP_429,
        ServiceError.code: falcon.HTTP_500,
        UnavailableError.code: falcon.HTTP_503,
    }
)
_OWN_FAULT = frozenset({ServiceError.code})


class ErrorBody(msgspec.Struct, frozen=True):
    error: str
    message: str


class ErrorAnswers:
    """Falcon's error handlers."""

    def __init__(self, log: structlog.typing.FilteringBoundLogger) -> None:
        self._log = log

    def install(self, app: falcon.App[falcon.Request, falcon.Response]) -> None:
        """The most general first: Falcon asks the handlers registered last first."""
        app.add_error_handler(Exception, self._unexpected)
        app.add_error_handler(falcon.HTTPError, self._of_framework)
        app.add_error_handler(ServiceError, self._expected)

    def _expected(
        self, request: falcon.Request, response: falcon.Response, error: ServiceError, _: object
    ) -> None:
        self._answer(request, response, error)

    def _of_framework(
        self, request: falcon.Request, response: falcon.Response, error: falcon.HTTPError, _: object
    ) -> None:
        self._answer(request, response, _translated(request, error))

    def _unexpected(
        self, request: falcon.Request, response: falcon.Response, error: Exception, _: object
    ) -> None:
        self._log.error("unexpected error", path=request.path[:200], exc_info=error)
        self._answer(request, response, ServiceError("something went wrong on our side"))

    def _answer(self, request: falcon.Request, response: falcon.Response, error: ServiceError) -> None:
        exchange_of(request).error = error.code
        response.status = _STATUSES[error.code]
        response.content_type = falcon.MEDIA_JSON
        response.data = error_body(error)
        response.text = None
        response.set_header("Cache-Control", "no-store")
        if isinstance(error, MethodNotAllowedError):
            response.set_header("Allow", ", ".join(error.allowed))
        if isinstance(error, RateLimitedError):
            response.set_header("Retry-After", str(error.retry_after))


def error_body(error: ServiceError) -> bytes:
    return msgspec.json.encode(ErrorBody(error.code, str(error)))


def _translated(request: falcon.Request, error: falcon.HTTPError) -> ServiceError:
    if isinstance(error, falcon.HTTPMethodNotAllowed):
        return MethodNotAllowedError(methods(dict(error.headers or {}).get("Allow", "").split(", ")))
    if error.status_code == 404:
        return NotFoundError(f"nothing is served at {request.path[:200]!r}")
    if 400 <= error.status_code < 500:
        return InvalidRequestError("request", "is malformed")
    return ServiceError("something went wrong on our side")


def methods(served: list[str]) -> tuple[str, ...]:
    """What a caller may use, where a resource serves these: HEAD comes with GET, OPTIONS with everything."""
    names = {name for name in served if name}
    if not names:
        return ()
    return tuple(sorted(names | {"OPTIONS"} | ({"HEAD"} if "GET" in names else set())))
