"""Arguments, checked by the API's own bounds before anything is sent. Each raises InvalidError."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from numbers import Real
from typing import NoReturn, get_args

from machpay.errors import InvalidError
from machpay.sorting import Sort

_NO_VENDOR = (".", "..", "featured")
# What is longer fits into no request line, however it is escaped.
_LONGEST_SLUG = 5000
_LARGEST = 10**100


def text(name: str, value: str, *, least: int = 0, most: int | None = None) -> str:
    """Text that the API takes; lengths count characters."""
    if not isinstance(value, str):
        _refuse(name, "be text", value)
    if "\0" in value or any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        _refuse(name, "have no NUL and no lone surrogate", value)
    if len(value) < least or (most is not None and len(value) > most):
        _refuse(name, f"have {least} to {most} characters" if most else f"have at least {least}", value)
    return value


def texts(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """Texts, none of them empty; one text alone is a mistake that Python would take for its letters."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        _refuse(name, "be a list of texts", values)
    return tuple(text(f"each of {name}", value, least=1) for value in values)


def whole(name: str, value: int, least: int, most: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        _refuse(name, "be a whole number", value)
    if abs(value) > _LARGEST:
        raise InvalidError(f"{name} must have at most 100 digits")
    if value < least or (most is not None and value > most):
        _refuse(name, f"be {least} to {most}" if most is not None else f"be {least} or more", value)
    return value


def number(name: str, value: float, least: float, most: float = math.inf) -> float:
    taken = _float(value)
    if taken is None or not math.isfinite(taken):
        _refuse(name, "be a finite number", value)
    if not least <= taken <= most:
        _refuse(name, f"be {least:g} to {most:g}" if most < math.inf else f"be {least:g} or more", value)
    return taken


def truth(name: str, value: bool) -> bool:
    return value if isinstance(value, bool) else _refuse(name, "be True or False", value)


def sort(name: str, value: Sort) -> Sort:
    return (
        value if value in get_args(Sort) else _refuse(name, "be one of " + ", ".join(get_args(Sort)), value)
    )


def vendor_key(value: int | str) -> str:
    """An id or a slug as it stands in a path; what no vendor can have is refused."""
    if isinstance(value, str):
        key = text("id_or_slug", value, least=1, most=_LONGEST_SLUG)
        return _refuse("id_or_slug", "name a vendor", value) if key in _NO_VENDOR or "/" in key else key
    return str(whole("id_or_slug", value, 0))


def _float(value: object) -> float | None:
    """None where it is no number; too large a one is infinite."""
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf
    except (ValueError, TypeError):
        return None


def _refuse(name: str, must: str, value: object) -> NoReturn:
    try:
        shown = f"{value!r:.80}"
    except ValueError:  # more digits than Python shows
        shown = "so large a number"
    raise InvalidError(f"{name} must {must}, not {shown}")
