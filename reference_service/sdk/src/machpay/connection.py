"""What both clients share: how they are set up, and how httpx's words become ours."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from machpay import arguments
from machpay.calls import Call
from machpay.errors import InvalidError
from machpay.exchange import PREFIX, Ask, Broken, Conversation, Patience, Reply, converse

_T = TypeVar("_T")

_AGENT = "machpay-discovery/0.1.0"
_LONGEST = 86_400.0
_LARGEST_ANSWER = 32 * 1024 * 1024


@dataclass(frozen=True)
class Setup:
    """The checked arguments of a client. Raises InvalidError."""

    base_url: str
    api_key: str | None = field(repr=False)
    timeout: float
    max_retries: int

    def __post_init__(self) -> None:
        try:
            url = httpx.URL(self.base_url)
        except (httpx.InvalidURL, TypeError) as error:
            raise InvalidError(f"base_url is no URL: {error}") from None
        if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
            raise InvalidError(f"base_url must be like https://api.example.com, not {self.base_url!r:.80}")
        if url.path.rstrip("/").endswith(PREFIX):
            raise InvalidError(f"base_url must end before {PREFIX}, which every call adds")
        if self.api_key is not None and not _sendable(self.api_key):
            raise InvalidError("api_key must be printable ASCII without spaces, and not empty")
        object.__setattr__(self, "timeout", arguments.number("timeout", self.timeout, 0.001, _LONGEST))
        arguments.whole("max_retries", self.max_retries, 0)

    def client_arguments(self) -> dict[str, Any]:
        """For either of httpx's clients; a redirect is never followed, so that the key stays here."""
        headers = {"Accept": "application/json", "User-Agent": _AGENT}
        if self.api_key is not None:
            headers["Authorization"] = f"Bearer {self.api_key}"
        return {"base_url": self.base_url, "headers": headers, "follow_redirects": False}

    def converse(self, call: Call[_T]) -> Conversation[_T]:
        patience = Patience(self.timeout, self.max_retries, time.monotonic)
        return converse(call, patience, uuid.uuid4().hex)


def _sendable(key: object) -> bool:
    return isinstance(key, str) and key.isascii() and key.isprintable() and key != "" and " " not in key


def stream_arguments(ask: Ask) -> dict[str, Any]:
    """For `stream` of either of httpx's clients."""
    return {
        "method": ask.method,
        "url": ask.path,
        "params": ask.query,
        "json": ask.body,
        "headers": ask.headers,
        "timeout": ask.seconds,
    }


class Receiving:
    """Gathers a body while it is no larger than an answer can be."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._body = bytearray()

    def take(self, chunk: bytes) -> None:
        """Raises httpx.DecodingError."""
        self._body += chunk
        if len(self._body) > _LARGEST_ANSWER:
            raise httpx.DecodingError(f"the answer is larger than {_LARGEST_ANSWER} bytes")

    def reply(self) -> Reply:
        headers = {name.lower(): value for name, value in self._response.headers.items()}
        return Reply(self._response.status_code, headers, bytes(self._body))


def closed() -> InvalidError:
    return InvalidError("the client is closed")


def broken(error: httpx.HTTPError) -> Broken:
    """What httpx ran into, by whether another attempt is worth while."""
    if isinstance(error, httpx.TimeoutException):
        return Broken("timeout", str(error))
    if isinstance(error, (httpx.RemoteProtocolError, httpx.DecodingError)):
        return Broken("garbled", f"the answer broke off or is no HTTP: {error}")
    return Broken("unreachable", f"the service cannot be reached: {error or type(error).__name__}")
