"""One call, from question to result: attempts, waits and errors, decided here and carried out elsewhere.

A conversation yields what is to be done next and is sent what came of it, so that the blocking and the
asyncio client are only two ways to carry out the same decisions.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from machpay.calls import Call
from machpay.errors import MachPayError, ProtocolError, RequestTimeoutError, UnavailableError
from machpay.reading import ShapeError, parse_json
from machpay.refusals import refusal, retry_after

_T = TypeVar("_T")

PREFIX = "/v1/marketplace"

_TRANSIENT = (429, 502, 503, 504)
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0


@dataclass(frozen=True)
class Ask:
    """Send this request; it has `seconds`, body and all."""

    method: str
    path: str
    query: Mapping[str, str | int | float] | None
    body: Mapping[str, object] | None
    headers: Mapping[str, str]
    seconds: float


@dataclass(frozen=True)
class Pause:
    seconds: float


@dataclass(frozen=True)
class Reply:
    """What was answered; the headers' names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Broken:
    """There was no whole answer."""

    kind: Literal["timeout", "unreachable", "garbled"]
    message: str


@dataclass(frozen=True)
class Patience:
    """How long a call may take in all, in seconds, and how often it is tried again."""

    timeout: float
    retries: int
    clock: Callable[[], float]
    jitter: Callable[[], float] = random.random


Conversation = Generator[Ask | Pause, Reply | Broken | None, _T]


def converse(call: Call[_T], patience: Patience, request_id: str) -> Conversation[_T]:
    """Ask until there is a result, the error is final, or no time is left. Raises MachPayError."""
    deadline = patience.clock() + patience.timeout
    attempt = 0
    while True:
        came = yield _ask(call, request_id, deadline - patience.clock())
        if isinstance(came, Reply) and came.status == 200:
            return _result(call, came, request_id)
        error, again = _judge(came, request_id)
        wait = _pause(attempt, came, patience)
        left = deadline - patience.clock()
        if not again or attempt >= patience.retries or wait >= left:
            raise error
        attempt += 1
        yield Pause(wait)


def _ask(call: Call[_T], request_id: str, seconds: float) -> Ask:
    headers = {"X-Request-Id": request_id}
    method = "GET" if call.body is None else "POST"
    return Ask(method, PREFIX + call.path, call.query, call.body, headers, max(seconds, 0.001))


def _result(call: Call[_T], reply: Reply, request_id: str) -> _T:
    try:
        return call.read(parse_json(reply.body))
    except ShapeError as error:
        raise ProtocolError(str(error), status=reply.status, request_id=_id(reply, request_id)) from None


def _judge(came: Reply | Broken | None, request_id: str) -> tuple[MachPayError, bool]:
    """The error, and whether another attempt could end better."""
    if isinstance(came, Reply):
        return refusal(came.status, came.headers, came.body, _id(came, request_id)), came.status in _TRANSIENT
    if came is None or came.kind == "timeout":
        return RequestTimeoutError("there was no answer in time", request_id=request_id), False
    kind = UnavailableError if came.kind == "unreachable" else ProtocolError
    return kind(came.message, request_id=request_id), True


def _pause(attempt: int, came: Reply | Broken | None, patience: Patience) -> float:
    """What the service asks for, or a random part of a time that doubles."""
    asked = retry_after(came.headers) if isinstance(came, Reply) else None
    if asked is not None:
        return asked
    return min(_FIRST_PAUSE * 2.0**attempt, _LONGEST_PAUSE) * (0.5 + patience.jitter() / 2)


def _id(reply: Reply, request_id: str) -> str:
    return reply.headers.get("x-request-id", request_id)
