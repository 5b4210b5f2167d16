"""Values with units: durations are seconds, ratios 0 to 1, sizes bytes."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = bool | int | float | Decimal | str | None


class Unit(StrEnum):
    """What kind of value a word has."""

    NUMBER = "a number"
    DURATION = "a duration"
    RATIO = "a ratio"
    SIZE = "a size"
    STATUS = "an HTTP status"
    TEXT = "text"
    BOOL = "yes or no"
    ANY = "a value"  # a column or JSON value: as the answer has it
    BASE = "a number in base units"  # PromQL: seconds, ratios, bytes


@dataclass(frozen=True, slots=True)
class Literal:
    """A written value. `regular` marks a /pattern/, `family` a status family such as 2xx."""

    text: str
    value: Value
    unit: Unit
    regular: bool = False
    family: int | None = None


_SECONDS = {"us": "0.000001", "µs": "0.000001", "ms": "0.001", "s": "1", "m": "60", "h": "3600", "d": "86400"}
_BYTES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_NUMBER = re.compile(r"([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*([%\wµ]*)\Z")
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


def parse_literal(text: str) -> Literal:
    """A number with or without a unit, 2xx, yes/no, /pattern/, "text" or a bare word.

    Raises ValueError for an unknown unit or a pattern that does not compile.
    """
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return Literal(text, text[1:-1], Unit.TEXT)
    if len(text) >= 2 and text[0] == text[-1] == "/":
        return _pattern(text)
    if re.fullmatch(r"[1-5]xx", text):
        return Literal(text, text, Unit.STATUS, family=int(text[0]))
    if text.lower() in _WORDS:
        return Literal(text, _WORDS[text.lower()], Unit.BOOL)
    match = _NUMBER.match(text)
    return _quantity(text, match[1], match[2]) if match else Literal(text, text, Unit.TEXT)


def _pattern(text: str) -> Literal:
    try:
        re.compile(text[1:-1])
    except re.error as error:
        raise ValueError(f"the pattern {text} does not compile: {error}") from None
    return Literal(text, text[1:-1], Unit.TEXT, regular=True)


def _quantity(text: str, digits: str, unit: str) -> Literal:
    amount = Decimal(digits)
    if not unit:
        return Literal(text, int(amount) if amount == int(amount) else amount, Unit.NUMBER)
    if unit == "%":
        return Literal(text, amount / 100, Unit.RATIO)
    if unit in _SECONDS:
        return Literal(text, amount * Decimal(_SECONDS[unit]), Unit.DURATION)
    if unit in _BYTES:
        return Literal(text, amount * _BYTES[unit], Unit.SIZE)
    raise ValueError(f"the unit {unit!r} is not known; known: %, {', '.join((*_SECONDS, *_BYTES))}")


def parse_duration(text: str) -> float:
    """Seconds of `500ms`, `10s`, `5m`, `24h`, `7d`. Raises ValueError."""
    literal = parse_literal(text.strip())
    if literal.unit is not Unit.DURATION or not isinstance(literal.value, Decimal) or literal.value < 0:
        raise ValueError(f"{text!r} is not a duration")
    return float(literal.value)


def show(value: Value, unit: Unit = Unit.ANY) -> str:
    """The value for people, in the unit that it is written in."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return shortened(value)
    if unit is Unit.DURATION:
        return _duration(float(value))
    if unit is Unit.RATIO:
        return f"{float(value) * 100:.4g}%"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.4g}ms" if seconds < 1 else f"{seconds:.4g}s"


def shortened(text: str, limit: int = 160) -> str:
    """The text in quotes, its middle left out where it is long."""
    if len(text) > limit:
        text = f"{text[: limit // 2]} … {text[-limit // 2 :]}"
    return f'"{text}"'
