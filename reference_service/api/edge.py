"""The outermost layer: what the framework would answer in its own way is put into ours before it sees it."""

from collections.abc import Callable, Iterable
from typing import Any

import structlog

from reference_service.api.errors import error_body
from reference_service.domain.errors import ServiceError

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

SENT_METHOD = "reference.sent_method"
_KNOWN = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# A method that no resource has: the framework answers it 405 with Allow, where it answers unknown ones 400.
_NOWHERE_SERVED = "TRACE"


def at_the_edge(application: Application) -> Application:
    """The application with HEAD as GET without a body, unknown methods not allowed, and no failure bare."""

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        structlog.contextvars.clear_contextvars()  # the thread's last request left its id
        method = environ[SENT_METHOD] = environ["REQUEST_METHOD"]
        if method == "HEAD":
            environ["REQUEST_METHOD"] = "GET"
        elif method not in _KNOWN:
            environ["REQUEST_METHOD"] = _NOWHERE_SERVED
        try:
            body = application(environ, start_response)
        except Exception as error:
            structlog.get_logger("api").error("unexpected error at the edge", exc_info=error)
            body = _last_resort(start_response)
        return _without_body(body) if method == "HEAD" else body

    return serve


def _last_resort(start_response: StartResponse) -> list[bytes]:
    body = error_body(ServiceError("something went wrong on our side"))
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("500 Internal Server Error", headers)
    return [body]


def _without_body(body: Iterable[bytes]) -> Iterable[bytes]:
    if close := getattr(body, "close", None):
        close()
    return []
