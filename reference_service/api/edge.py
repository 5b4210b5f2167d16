"""The outermost layer: what the framework would answer in its own way is put into ours before it sees it."""

from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

SENT_METHOD = "reference.sent_method"
_KNOWN = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# A method that no resource has: the framework answers it 405 with Allow, where it answers unknown ones 400.
_NOWHERE_SERVED = "TRACE"


def at_the_edge(application: Application) -> Application:
    """The application with HEAD answered as GET without a body, and unknown methods as ones not allowed."""

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        environ[SENT_METHOD] = method
        if method == "HEAD":
            environ["REQUEST_METHOD"] = "GET"
            return _without_body(application(environ, start_response))
        if method not in _KNOWN:
            environ["REQUEST_METHOD"] = _NOWHERE_SERVED
        return application(environ, start_response)

    return serve


def _without_body(body: Iterable[bytes]) -> Iterable[bytes]:
    if close := getattr(body, "close", None):
        close()
    return []
