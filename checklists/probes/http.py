"""http: one request, or the same one several times, from a client of its own."""

import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from checklists import fields as read
from checklists import references
from checklists.expectations import MISSING, Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context
from checklists.units import Unit
from harness.documents import Mapping, Plain, Scalar, plain
from harness.errors import CouldNotDecideError
from harness.target import Target

_METHODS = ("get", "post", "head", "options", "put", "delete")
_PAST_LIMIT = "past_limit"
_MAX_BODY = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    seconds: float
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpProbe:
    """`repeat` 0 means one more than the target's rate limit lets pass."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: Plain = None
    repeat: int = 1

    def asked(self, target: Target) -> str:
        times = f" × {self._times(target)}" if self.repeat != 1 else ""
        headers = "".join(f" -H '{name}: {value}'" for name, value in self.headers.items())
        body = f" {json.dumps(self.body)}" if self.body is not None else ""
        return f"{self.method} {self._url(target)}{headers}{body}{times}"

    def ask(self, context: Context) -> Answer:
        url = self._url(context.target)
        headers = {name: references.fill(value, context.target) for name, value in self.headers.items()}
        content = b"" if self.body is None else msgspec.json.encode(self.body)
        if content:
            headers.setdefault("Content-Type", "application/json")
        deadline = time.monotonic() + context.timeout
        with context.client.open(url, context.target, context.timeout) as client:
            responses = [
                self._request(client, url, headers, content, deadline)
                for _ in range(self._times(context.target))
            ]
        if context.client.shared and len(responses) == 1 and responses[0].status == 429:
            raise CouldNotDecideError(
                "429: the profile's client_identity is single, and others have used the allowance up",
                hint="run this item alone with --only",
            )
        return Answer(_facts(responses), output=responses[-1].body, details=_details(responses))

    def _request(
        self, client: httpx.Client, url: str, headers: dict[str, str], content: bytes, deadline: float
    ) -> Response:
        started = time.monotonic()
        try:
            with client.stream(self.method, url, headers=headers, content=content or None) as response:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if time.monotonic() > deadline or len(body) > _MAX_BODY:
                        raise CouldNotDecideError(f"{url}: the body did not end in time or is too large")
                taken = time.monotonic() - started
                names = {name.lower(): value for name, value in response.headers.items()}
                return Response(response.status_code, taken, names, bytes(body))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = str(error) or type(error).__name__
            raise CouldNotDecideError(f"{url} did not answer ({reason})", hint="is it running?") from None

    def _url(self, target: Target) -> str:
        url = references.fill(self.url, target)
        return url if url.startswith(("http://", "https://")) else target.base_url + url

    def _times(self, target: Target) -> int:
        return self.repeat or target.rate_limit.requests + 1


def _facts(responses: list[Response]) -> Facts:
    bodies = tuple(response.body.decode("utf-8", "replace") for response in responses)
    return Facts(
        words={
            "status": tuple(response.status for response in responses),
            "time": tuple(response.seconds for response in responses),
            "size": tuple(len(response.body) for response in responses),
            "body": bodies,
        },
        headers=tuple(response.headers for response in responses),
        documents=tuple(_document(body) for body in bodies),
    )


def _document(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return MISSING


def _details(responses: list[Response]) -> dict[str, Any]:
    last = responses[-1]
    return {
        "statuses": [response.status for response in responses],
        "headers": last.headers,
        "body_sha256": hashlib.sha256(last.body).hexdigest(),
    }


def _read(reading: Reading) -> HttpProbe:
    if isinstance(reading.node, Scalar):
        return HttpProbe("GET", _url(reading.node))
    mapping = read.mapping(reading.node, "a path, or {get: /path}")
    mapping.only((*_METHODS, "headers", "json", "repeat"), what="key of an http probe")
    methods = [key for key in mapping if key in _METHODS]
    if len(methods) != 1:
        raise mapping.place.error("needs one method", hint="for instance {get: /v1/marketplace/categories}")
    body = mapping.get("json")
    return HttpProbe(
        method=methods[0].upper(),
        url=_url(mapping.entries[methods[0]]),
        headers=read.Fields(mapping).pairs("headers"),
        body=None if body is None else plain(body),
        repeat=_repeat(mapping),
    )


def _url(node: Any) -> str:
    url = read.text(node)
    if not url.startswith(("/", "http://", "https://", "${")):
        raise node.place.error(f"{url!r} is not a path or URL", hint=f"did you mean '/{url}'?")
    return url


def _repeat(mapping: Mapping) -> int:
    node = mapping.get("repeat")
    if isinstance(node, Scalar) and node.value == _PAST_LIMIT:
        return 0
    return read.Fields(mapping).count("repeat", 1, least=1, most=10_000)


KIND = Kind(
    key="http",
    read=_read,
    vocabulary=Vocabulary(
        words={"status": Unit.STATUS, "time": Unit.DURATION, "size": Unit.SIZE, "body": Unit.TEXT},
        headers=True,
        documents=True,
        positions=True,
    ),
)
