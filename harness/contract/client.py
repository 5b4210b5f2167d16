"""Asks the target over HTTP: nothing hidden, nothing retried but a stale connection, no proxy."""

import gzip
import http.client
import json
import select
import shlex
import ssl
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from typing import TypeAlias
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from harness.contract.diagnosis import ContractBroken, NotAsked, Traffic
from harness.contract.identity import Identities, Identity, Pace
from harness.contract.paths import only_reads, operation
from harness.errors import UsageError
from harness.evidence import Json
from harness.target import Target

TIMEOUT_SECONDS = 20.0
SPARE_REQUESTS = 5  # of one identity's allowance, never used
LARGE_BODY = 64 * 1024
MAX_ANSWER = 32 * 1024 * 1024

Value: TypeAlias = str | int | float | bool
Params: TypeAlias = Mapping[str, Value] | Sequence[tuple[str, Value]]


class NoAnswer(ContractBroken):
    """The target gave no answer that is HTTP."""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. `curl` is the request, for a person to repeat; `seconds` is until the last byte."""

    status: int
    headers: Message
    body: bytes
    curl: str
    seconds: float

    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Json:
        """Raises ContractBroken where the body is not JSON in UTF-8."""
        try:
            return json.loads(self.body.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise ContractBroken(
                f"the answer is not JSON: {error}",
                expected="JSON, UTF-8",
                observed=self.brief(),
                asked=self.curl,
            ) from None

    def brief(self) -> str:
        text = self.text()
        return f"HTTP {self.status}, {text[:300]!r}" + ("…" if len(text) > 300 else "")


class Client:
    """One client of the target. With `rotating`, it becomes a new client before its allowance is used up.

    Where all of the suite is one client, it keeps to the `pace`; without one it waits for nothing.
    """

    def __init__(
        self,
        target: Target,
        identities: Identities,
        pace: Pace | None,
        traffic: Traffic,
        *,
        rotating: bool = False,
    ) -> None:
        self._target, self._identities, self._pace, self._traffic = target, identities, pace, traffic
        self._rotating = rotating
        self._base = urlsplit(target.base_url)
        self._connection: http.client.HTTPConnection | None = None
        self.identity = identities.fresh()
        self.sent = 0

    @property
    def single(self) -> bool:
        """Whether all of the suite is one client, so that requests are dear."""
        return self._identities.single

    def get(
        self, path: str, params: Params | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        return self.request("GET", path, params=params, headers=headers)

    def post(self, path: str, document: Json, headers: Mapping[str, str] | None = None) -> Response:
        """Post the document as JSON."""
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return self.request(
            "POST", path, body=body, headers={"Content-Type": "application/json", **(headers or {})}
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Response:
        """`path` goes out as it is, after the base URL; so may hold a query and odd escapes.

        Raises NoAnswer where nothing, or nothing that is HTTP, comes back, NotAsked for what may not be sent.
        """
        if self._target.only_read and not only_reads(method, path):
            raise NotAsked(f"this target is only read: {method} {path} is not tried")
        self._prepare()
        url = self._base.path + path + _query(path, params)
        sent = self._headers(headers)
        curl = self._curl(method, url, sent, body)
        response = self._exchange(method, url, sent, body, curl)
        if response.status == 429 and self.single and self._rotating:
            self._traffic.note(operation(method, path), 429)
            time.sleep(_retry_after(response))
            response = self._exchange(method, url, sent, body, curl)
        self._traffic.note(operation(method, path), response.status)
        self._traffic.latest.answer = response
        return response

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _prepare(self) -> None:
        if self.single and self._pace is not None:
            self._pace.before_request()
        elif (
            self._rotating
            and not self.single
            and self.sent >= self._target.rate_limit.requests - SPARE_REQUESTS
        ):
            self.close()
            self.identity, self.sent = self._identities.fresh(), 0
        self.sent += 1

    def _headers(self, extra: Mapping[str, str] | None) -> dict[str, str]:
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "launchkit"}
        headers |= self._target.headers
        if self.identity.forwarded_for:
            headers["X-Forwarded-For"] = self.identity.forwarded_for
        lower = {name.lower() for name in extra or {}}
        return {name: value for name, value in headers.items() if name.lower() not in lower} | dict(
            extra or {}
        )

    def _exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None, curl: str
    ) -> Response:
        started = time.monotonic()
        for reused in (self._connection is not None, False):
            connection = self._connection = self._connection or _connect(self._base, self.identity)
            try:
                status, message, raw = _ask(connection, self.identity, method, url, headers, body)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                stale = isinstance(error, ConnectionError | http.client.RemoteDisconnected)
                if reused and stale:
                    continue  # a server may close an idle connection at any time
                raise NoAnswer(
                    f"the target gave no answer ({type(error).__name__}: {error})",
                    expected="an answer",
                    observed="none",
                    asked=curl,
                ) from None
            return Response(status, message, _decoded(message, raw, curl), curl, time.monotonic() - started)
        raise AssertionError("unreachable")

    def _curl(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> str:
        parts = ["curl", "-sS", "-i"] + ([] if method == "GET" else ["-X", method])
        if self.identity.source_address:
            parts += ["--interface", self.identity.source_address]
        for name, value in headers.items():
            if name not in ("Accept", "Accept-Encoding", "User-Agent"):
                parts += ["-H", f"{name}: {value}"]
        if body is not None:
            text = body.decode("utf-8", "backslashreplace")
            parts += ["--data-binary", text if len(text) < 2_000 else text[:200] + f"… ({len(body)} bytes)"]
        origin = f"{self._base.scheme}://{self._base.netloc}"
        return self._target.redact(shlex.join([*parts, origin + url]))


def _connect(base: SplitResult, identity: Identity) -> http.client.HTTPConnection:
    source = (identity.source_address, 0) if identity.source_address else None
    host = base.hostname or ""
    if base.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            host, base.port, timeout=TIMEOUT_SECONDS, source_address=source, context=context
        )
    return http.client.HTTPConnection(host, base.port, timeout=TIMEOUT_SECONDS, source_address=source)


def _ask(
    connection: http.client.HTTPConnection,
    identity: Identity,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes | None,
) -> tuple[int, Message, bytes]:
    if connection.sock is None:
        _open(connection, identity)
    whole = True
    if body is not None and len(body) > LARGE_BODY:
        whole = _send_large(connection, method, url, headers, body)
    else:
        connection.request(method, url, body=body, headers=headers)
    answer = connection.getresponse()
    raw = answer.read(MAX_ANSWER)
    if answer.length:
        raise http.client.IncompleteRead(raw, answer.length)
    if answer.will_close or not whole:
        connection.close()
    return answer.status, answer.headers, raw


def _send_large(
    connection: http.client.HTTPConnection, method: str, url: str, headers: dict[str, str], body: bytes
) -> bool:
    """Send piece by piece, and stop where the target answers: it may refuse, and close, half-way."""
    connection.putrequest(method, url, skip_accept_encoding=True)
    for name, value in (headers | {"Content-Length": str(len(body))}).items():
        connection.putheader(name, value)
    connection.endheaders()
    for start in range(0, len(body), LARGE_BODY):
        answered, _, _ = select.select([connection.sock], [], [], 0.02 if start == 0 else 0)
        if answered:
            return False
        try:
            connection.send(body[start : start + LARGE_BODY])
        except (BrokenPipeError, ConnectionResetError):
            return False
    return True


def _open(connection: http.client.HTTPConnection, identity: Identity) -> None:
    try:
        connection.connect()
    except OSError as error:
        if error.errno == 99:  # EADDRNOTAVAIL: this machine does not own all of 127/8
            raise UsageError(
                f"cannot connect from {identity.source_address}",
                hint="set `client_identity: single` in the profile",
            ) from None
        raise


def _query(path: str, params: Params | None) -> str:
    if params is None:
        return ""
    pairs = params.items() if isinstance(params, Mapping) else params
    texts = [(name, _text(value)) for name, value in pairs]
    if not texts:
        return ""
    encoded = urlencode(texts, quote_via=quote, errors="surrogatepass")
    return ("&" if "?" in path else "?") + encoded


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _decoded(headers: Message, raw: bytes, curl: str) -> bytes:
    encoding = str(headers.get("Content-Encoding", "identity")).strip().lower()
    try:
        match encoding:
            case "gzip" | "x-gzip":
                return gzip.decompress(raw) if raw else raw
            case "deflate":
                return zlib.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise NoAnswer(f"the answer's {encoding} body is damaged ({error})", asked=curl) from None
    return raw


def _retry_after(response: Response) -> float:
    text = str(response.headers.get("Retry-After", "1"))
    return min(61.0, float(text) if text.isdigit() else 1.0)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
