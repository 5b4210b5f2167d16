"""HTTP around the service: limits, CORS, validators, and everything in an odd but legal dress."""

import gzip
import hashlib
import json
import socket
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from harness.tests.second_target.asking import RefusedError
from harness.tests.second_target.limiter import Limiter
from harness.tests.second_target.service import Call, Route, Service, find_route

BASE = ("v1", "marketplace")
MAX_BODY = 1024 * 1024
EXPOSED = "x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after, etag, x-request-id"
CODES = {400: "invalid_request", 404: "not_found", 405: "method_not_allowed", 413: "payload_too_large"}


@dataclass
class Answer:
    status: int
    content: bytes = b""
    kind: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(status: int, document: object, **headers: str) -> Answer:
    content = json.dumps(document, indent=3, ensure_ascii=True).encode("ascii") + b"\r\n"
    return Answer(status, content, headers=headers)


def refusal(error: RefusedError) -> Answer:
    body = {"message": error.message, "status": error.status, "error": error.code}
    return json_answer(error.status, body, **{k.replace("_", "-"): v for k, v in error.headers.items()})


class Web(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, place: tuple[str, int], service: Service, limiter: Limiter, origin: str) -> None:
        super().__init__(place, Handler)
        self.service, self.limiter, self.origin = service, limiter, origin

    def handle_error(self, request: object, client_address: object) -> None:
        """Someone who hangs up is no news."""


class Handler(BaseHTTPRequestHandler):
    server: Web
    protocol_version = "HTTP/1.1"
    timeout = 30

    def handle_one_request(self) -> None:
        self.close_connection = True
        try:
            self.raw_requestline = self.rfile.readline(65537)
            if self.raw_requestline and self.parse_request():
                self._send(self._safely())
        except (TimeoutError, ConnectionError):
            return

    def send_error(self, code: int, message: str | None = None, *_: object) -> None:
        self.command = getattr(self, "command", None) or "GET"
        self.request_version = "HTTP/1.1"
        self._send(refusal(RefusedError(code, CODES.get(code, "invalid_request"), message or "No.")))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Quiet."""

    def _safely(self) -> Answer:
        try:
            return self._answer()
        except (TimeoutError, ConnectionError):
            raise
        except Exception as error:  # the contract: no failure has another shape
            print(f"second_target: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            return refusal(RefusedError(500, "internal_error", "That went wrong here."))

    def _answer(self) -> Answer:
        # An empty path has no first segment, and a URL without a path is the root.
        raw_path, _, query = self.path.partition("?")
        if "://" in raw_path:
            raw_path = urlsplit(raw_path).path
        path = tuple(_decoded(part) for part in raw_path.split("/")[1:])
        if path[:2] == BASE:
            return self._marketplace(Call(self.command, path[2:], query))
        return self._operations(path)

    def _marketplace(self, call: Call) -> Answer:
        admission = self.server.limiter.admit(str(self.client_address[0]))
        route = find_route(call.path)
        if admission.admitted:
            answer = self._guarded(call, route)
        else:
            error = RefusedError(429, "rate_limited", "Slowly, please.", retry_after=str(admission.wait))
            answer = refusal(error)
        answer.headers |= {
            "x-ratelimit-reset": str(admission.reset),
            "x-ratelimit-remaining": str(admission.remaining),
            "x-ratelimit-limit": str(admission.limit),
        }
        self._count(route, answer)
        return answer

    def _count(self, route: Route | None, answer: Answer) -> None:
        telemetry, name = self.server.service.telemetry, route.name if route else "unknown"
        telemetry.count("discovery_requests_total", endpoint=name)
        if answer.status >= 400:
            kind = CODES.get(answer.status, str(answer.status))
            telemetry.count("discovery_errors_total", endpoint=name, error_type=kind)

    def _guarded(self, call: Call, route: Route | None) -> Answer:
        try:
            body = self._body()
            if route is None:
                raise RefusedError(404, "not_found", "There is nothing at this path.")
            allowed = [route.method, "OPTIONS"] + ["HEAD"] * (route.method == "GET")
            if call.method == "OPTIONS":
                return self._preflight(allowed)
            if call.method not in allowed:
                words = f"{route.name} does not do that."
                raise RefusedError(405, "method_not_allowed", words, Allow=", ".join(sorted(allowed)))
            given = Call(call.method, call.path, call.query, body, self.headers.get("Content-Type"))
            return self._cacheable(route, route.answer(self.server.service, given))
        except RefusedError as error:
            return refusal(error)

    def _preflight(self, allowed: list[str]) -> Answer:
        answer = Answer(204, headers={"allow": ", ".join(allowed)})
        if self.headers.get("Origin") == self.server.origin:
            answer.headers |= {
                "access-control-allow-methods": ", ".join(allowed),
                "access-control-allow-headers": "content-type, x-request-id, if-none-match",
                "access-control-max-age": "600",
            }
        return answer

    def _cacheable(self, route: Route, document: Mapping[str, Any]) -> Answer:
        answer = json_answer(200, document)
        if route.cached is None:
            return answer
        tag = f'W/"{hashlib.sha256(answer.content).hexdigest()[:20]}"'
        headers = {"etag": tag, "cache-control": f"max-age={route.cached}, public"}
        if _matches(self.headers.get("If-None-Match"), tag):
            return Answer(304, headers=headers)
        answer.headers |= headers
        return answer

    def _body(self) -> bytes:
        """Raises RefusedError for one that is too long, after reading a bounded part of it."""
        try:
            if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
                body = self._chunks()
            else:
                body = self.rfile.read(min(int(self.headers.get("Content-Length", "0")), 8 * MAX_BODY))
        except ValueError:
            raise RefusedError(400, "invalid_request", "The body's length is unclear.") from None
        if len(body) > MAX_BODY:
            raise RefusedError(413, "payload_too_large", "That is too much to read.")
        return body

    def _chunks(self) -> bytes:
        body = b""
        while len(body) <= 8 * MAX_BODY:
            size = int(self.rfile.readline(1000).partition(b";")[0], 16)
            if not 0 <= size <= 8 * MAX_BODY:
                break
            body += self.rfile.read(size)
            self.rfile.readline(1000)
            if size == 0:
                break
        return body

    def _operations(self, path: tuple[str, ...]) -> Answer:
        service = self.server.service
        if self.command == "POST" and path[:1] == ("-",):
            return self._control(path[1:])
        match path:
            case ("health", "live"):
                return self._reading(json_answer(200, {"status": "alive"}))
            case ("health", "ready"):
                return self._reading(json_answer(200, {"status": "ready", "store": "memory"}))
            case ("health", "workers"):
                return self._reading(json_answer(200, service.workers()))
            case ("metrics",):
                text = service.telemetry.text().encode()
                return self._reading(Answer(200, text, "text/plain; version=0.0.4; charset=utf-8"))
        return refusal(RefusedError(404, "not_found", "There is nothing at this path."))

    def _reading(self, answer: Answer) -> Answer:
        if self.command in ("GET", "HEAD", "OPTIONS"):
            return answer
        allowed = "GET, HEAD, OPTIONS"
        return refusal(RefusedError(405, "method_not_allowed", "Only for reading.", Allow=allowed))

    def _control(self, path: tuple[str, ...]) -> Answer:
        """The commands of `__main__` work through here: this process holds the data."""
        service = self.server.service
        try:
            document = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            match path:
                case ("load",):
                    service.load(document)
                case ("check-health",):
                    service.check_health(document["networks"], float(document["seconds"]))
                case ("aggregate",):
                    service.aggregate()
                case _:
                    raise ValueError(f"no command {path}")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            words = f"{type(error).__name__}: {error}"
            return refusal(RefusedError(400, "invalid_request", words))
        return json_answer(200, {"done": True})

    def _send(self, answer: Answer) -> None:
        content = answer.content
        headers = {
            "x-powered-by": "nothing",
            "vary": "Origin, Accept-Encoding",
        } | answer.headers
        headers["x-request-id"] = _sane(self._header("X-Request-Id")) or uuid.uuid4().hex
        origin = self._header("Origin")
        if origin == self.server.origin:
            headers |= {"access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED}
        if content and "gzip" in (self._header("Accept-Encoding") or "").lower():
            content = gzip.compress(content, 1)
            headers["content-encoding"] = "gzip"
        self._write(answer, headers, content)

    def _header(self, name: str) -> str | None:
        headers = getattr(self, "headers", None)
        return headers.get(name) if headers else None

    def _write(self, answer: Answer, headers: dict[str, str], content: bytes) -> None:
        empty = answer.status in (204, 304)
        in_chunks = len(content) > 4000 and self.request_version == "HTTP/1.1"
        self.send_response(answer.status)
        self.send_header("connection", "close")
        if not empty:
            self.send_header("content-type", answer.kind)
            name, value = ("transfer-encoding", "chunked") if in_chunks else ("content-length", len(content))
            self.send_header(str(name), str(value))
        for name, value in sorted(headers.items(), reverse=True):
            self.send_header(name, value)
        self.end_headers()
        if empty or self.command == "HEAD":
            return
        self.wfile.write(_chunked(content) if in_chunks else content)
        self._hang_up()

    def _hang_up(self) -> None:
        """Say that no more comes, so that unread input does not turn the answer into a reset."""
        self.wfile.flush()
        try:
            self.connection.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the other side was faster


def _decoded(part: str) -> str:
    return unquote_to_bytes(part.encode("latin-1", "replace")).decode("utf-8", "replace")


def _chunked(content: bytes) -> bytes:
    pieces = (content[start : start + 3000] for start in range(0, len(content), 3000))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _matches(header: str | None, tag: str) -> bool:
    given = [one.strip().removeprefix("W/") for one in (header or "").split(",")]
    return "*" in given or tag.removeprefix("W/") in given


def _sane(request_id: str | None) -> str | None:
    fits = request_id and len(request_id) <= 128 and request_id.isascii() and request_id.isprintable()
    return request_id if fits else None
