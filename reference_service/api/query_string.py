"""Query strings, read strictly: what does not parse is refused by name, never guessed."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from reference_service.api.text import checked_text
from reference_service.domain.errors import InvalidRequestError
from reference_service.domain.search import FARTHEST_OFFSET, Bounds

_MALFORMED_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
# Past this many digits a number is beyond every bound, and Python's int() would refuse or crawl.
_LONGEST_INTEGER = 18


@dataclass(frozen=True, slots=True)
class QueryString:
    """The raw values of each name, as they were sent; decoded only where a parameter is known."""

    raw: Mapping[str, Sequence[str]]

    def text(self, name: str) -> str | None:
        """The decoded value, or None where the parameter is absent.

        Raises InvalidRequestError.
        """
        values = self.raw.get(name, ())
        if len(values) > 1:
            raise InvalidRequestError(name, "is given more than once")
        return _decoded(name, values[0]) if values else None

    def integer(self, name: str, default: int, bounds: Bounds) -> int:
        text = self._present(name)
        if text is None:
            return default
        if not _INTEGER.fullmatch(text):
            raise InvalidRequestError(name, "must be an integer")
        value = int(text) if len(text) <= _LONGEST_INTEGER else _beyond(text)
        return int(within(name, value, bounds))

    def number(self, name: str, bounds: Bounds) -> float | None:
        text = self._present(name)
        if text is None:
            return None
        if not _NUMBER.fullmatch(text):
            raise InvalidRequestError(name, "must be a number")
        return within(name, float(text), bounds)

    def boolean(self, name: str) -> bool:
        text = self._present(name)
        if text not in (None, "true", "false"):
            raise InvalidRequestError(name, "must be true or false")
        return text == "true"

    def _present(self, name: str) -> str | None:
        text = self.text(name)
        if text == "":
            raise InvalidRequestError(name, "must not be empty")
        return text


def parse_query_string(raw: str) -> QueryString:
    """Split a query string (one character a byte) into names and raw values; unknown names stay undecoded."""
    values: dict[str, list[str]] = {}
    for pair in raw.split("&") if raw else ():
        name, _, value = pair.partition("=")
        values.setdefault(_bytes(name).decode("utf-8", "replace"), []).append(value)
    return QueryString(values)


def within(name: str, value: float, bounds: Bounds) -> float:
    """The value, where it is finite and inside its bounds.

    Raises InvalidRequestError.
    """
    if not (math.isfinite(value) and bounds.hold(value)):
        raise InvalidRequestError(name, f"must be {bounds}")
    return value


def _decoded(name: str, raw: str) -> str:
    if _MALFORMED_ESCAPE.search(raw):
        raise InvalidRequestError(name, "has a % that is not followed by two hexadecimal digits")
    try:
        text = _bytes(raw).decode("utf-8")
    except UnicodeError:
        raise InvalidRequestError(name, "is not UTF-8") from None
    return checked_text(name, text)


def _bytes(raw: str) -> bytes:
    return unquote_to_bytes(raw.replace("+", " ").encode("latin-1", "replace"))


def _beyond(digits: str) -> int:
    return -FARTHEST_OFFSET if digits.startswith("-") else FARTHEST_OFFSET
