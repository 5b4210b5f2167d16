"""From an answer that is no result to the error that it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from machpay.errors import (
    InvalidError,
    MachPayError,
    NotFoundError,
    ProtocolError,
    RateLimitedError,
    UnavailableError,
)
from machpay.reading import ShapeError, parse_json


def refusal(status: int, headers: Mapping[str, str], body: bytes, request_id: str) -> MachPayError:
    """The error for an answer other than 200; a body that is not the API's (a proxy's page) has no code."""
    code, message = _told(body)
    message = message or f"the service answered {status}"
    if status == 429:
        seconds = retry_after(headers)
        return RateLimitedError(message, status=status, code=code, request_id=request_id, retry_after=seconds)
    return _kind(status)(message, status=status, code=code, request_id=request_id)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from now, from either form of the header; None where it is not there or says nothing."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return max((moment - datetime.now(timezone.utc)).total_seconds(), 0.0)


def _kind(status: int) -> type[MachPayError]:
    if status == 404:
        return NotFoundError
    if 400 <= status < 500:
        return InvalidError
    return UnavailableError if status >= 500 else ProtocolError


def _told(body: bytes) -> tuple[str | None, str | None]:
    try:
        document = parse_json(body)
    except ShapeError:
        return None, None
    if not isinstance(document, Mapping):
        return None, None
    code, message = document.get("error"), document.get("message")
    return (code if isinstance(code, str) else None), (message if isinstance(message, str) else None)
