"""`/marketplace`: the console's page, the same for every address of it, and the files that it loads."""

import falcon

from reference_service.api.bundle import PAGE, Bundle, File
from reference_service.domain.errors import NotFoundError, UnavailableError

ROUTE = "/marketplace"
# Everything from here alone. Not even logos come from vendors: they would learn who looks at whom, and a
# page that names foreign hosts cannot promise that it asks none.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
_A_YEAR = "public, max-age=31536000, immutable"


class ConsolePage:
    """The page: at its root, and under each vendor's slug."""

    endpoint = "console"

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def on_get(self, request: falcon.Request, response: falcon.Response, **_: str) -> None:
        page = self._bundle.file(PAGE)
        if page is None:
            raise UnavailableError(
                "the console is not built; run `python -m reference_service build-console` where it is served"
            )
        response.set_header("Content-Security-Policy", _POLICY)
        response.set_header("Referrer-Policy", "no-referrer")
        response.set_header("Cache-Control", "no-cache")
        response.set_header("ETag", page.tag)
        if request.get_header("If-None-Match") == page.tag:
            response.status = falcon.HTTP_304
            return
        _send(request, response, page)


class ConsoleAsset:
    """What the page loads; the names carry a hash of the content, so that they never change."""

    endpoint = "console"

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def on_get(self, request: falcon.Request, response: falcon.Response, name: str) -> None:
        asset = self._bundle.file(f"assets/{name}")
        if asset is None:
            raise NotFoundError(f"the console has no file {name[:100]!r}")
        response.set_header("Cache-Control", _A_YEAR)
        _send(request, response, asset)


def route_console(app: falcon.App[falcon.Request, falcon.Response], bundle: Bundle) -> None:
    page = ConsolePage(bundle)
    app.add_route(ROUTE, page)
    app.add_route(f"{ROUTE}/", page)
    app.add_route(f"{ROUTE}/{{slug}}", page)
    app.add_route(f"{ROUTE}/assets/{{name}}", ConsoleAsset(bundle))


def _send(request: falcon.Request, response: falcon.Response, file: File) -> None:
    response.content_type = file.content_type
    response.append_header("Vary", "Accept-Encoding")
    if _takes_gzip(request.get_header("Accept-Encoding") or ""):
        response.set_header("Content-Encoding", "gzip")
        response.data = file.gzipped
    else:
        response.data = file.plain


def _takes_gzip(accepted: str) -> bool:
    for item in accepted.split(","):
        coding, _, weight = item.replace(" ", "").partition(";q=")
        if coding.lower() == "gzip":
            return not (weight and weight.strip("0.") == "")
    return False
