"""An httpx transport into a WSGI application, with paths tunnelled as PEP 3333 asks."""

import io
import sys
from urllib.parse import unquote_to_bytes

import httpx

from reference_service.api.edge import Application, Environ


class WsgiTransport(httpx.BaseTransport):
    """Each request is one call of the application, from the client address `peer`."""

    def __init__(self, application: Application, peer: str = "127.0.0.1") -> None:
        self._application = application
        self._peer = peer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answered: list[tuple[int, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            answered.append((int(status[:3]), headers))

        body = b"".join(self._application(self._environ(request), start_response))
        status, headers = answered[0]
        return httpx.Response(status, headers=headers, content=body)

    def _environ(self, request: httpx.Request) -> Environ:
        path, _, query = request.url.raw_path.partition(b"?")
        environ: Environ = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
            "SERVER_NAME": "api.test",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self._peer,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(request.read()),
            "wsgi.errors": sys.stderr,
        }
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
        return environ
