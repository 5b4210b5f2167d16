"""From JSON bytes to the models: by their annotations, strictly, ignoring fields that they do not have."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

_T = TypeVar("_T")
_Reader = Callable[[Any, str], Any]

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)


_LARGEST_INTEGER = 2**63


class ShapeError(Exception):
    """The document is not of the promised shape; `str()` says where and how."""


def parse_json(body: bytes) -> object:
    """The JSON value, numbers with a fraction as Decimal.

    Raises ShapeError.
    """
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ShapeError(f"the body is not JSON: {error}") from None


def read(model: type[_T], value: object, where: str = "the answer") -> _T:
    """The value as that model.

    Raises ShapeError.
    """
    result: _T = _reader(model)(value, where)  # type: ignore[arg-type]  # a class has a hash
    return result


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


@cache
def _reader(annotation: Any) -> _Reader:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _reader(next(argument for argument in arguments if argument is not types.NoneType))
    if origin is tuple:
        return _list_reader(_reader(arguments[0]))
    if origin is Literal:
        return _choice_reader(arguments)
    if is_dataclass(annotation):
        return _model_reader(annotation)
    return _SCALARS[annotation]


def _model_reader(model: Any) -> _Reader:
    hints = get_type_hints(model)
    plan = [
        (field.name, _camel(field.name), _reader(hints[field.name]), field.default is MISSING)
        for field in fields(model)
    ]

    def read_model(value: Any, where: str) -> Any:
        if not isinstance(value, Mapping):
            _wrong(where, "an object", value)
        missing = [wire for _, wire, _, required in plan if required and wire not in value]
        if missing:
            raise ShapeError(f"{where} lacks {', '.join(missing)}")
        return model(
            **{
                name: reader(value[wire], f"{where}.{wire}")
                for name, wire, reader, required in plan
                if wire in value and (required or value[wire] is not None)
            }
        )

    return read_model


def _list_reader(item: _Reader) -> _Reader:
    def read_list(value: Any, where: str) -> Any:
        if not isinstance(value, list):
            _wrong(where, "a list", value)
        return tuple(item(each, f"{where}[{number}]") for number, each in enumerate(value))

    return read_list


def _choice_reader(choices: tuple[Any, ...]) -> _Reader:
    def read_choice(value: Any, where: str) -> Any:
        if value not in choices:
            _wrong(where, "one of " + ", ".join(choices), value)
        return value

    return read_choice


def _text(value: Any, where: str) -> str:
    return value if isinstance(value, str) else _wrong(where, "text", value)


def _truth(value: Any, where: str) -> bool:
    return value if isinstance(value, bool) else _wrong(where, "true or false", value)


def _integer(value: Any, where: str) -> int:
    # JSON has one kind of number: 3.0 is whole. An exponent could make it larger than memory.
    if isinstance(value, Decimal) and abs(value) < _LARGEST_INTEGER and value == value.to_integral_value():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        _wrong(where, "a whole number", value)
    return value


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        _wrong(where, "a number", value)
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    return number if abs(number) != float("inf") else _wrong(where, "a number that a float can hold", value)


def _money(value: Any, where: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        _wrong(where, "an amount", value)
    try:
        amount = Decimal(value)
    except InvalidOperation:
        _wrong(where, "an amount", value)
    return amount if amount.is_finite() else _wrong(where, "an amount", value)


def _instant(value: Any, where: str) -> datetime:
    match = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        _wrong(where, "a time with its zone (RFC 3339)", value)
    *numbers, fraction, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        plain = datetime(*map(int, numbers), tzinfo=timezone.utc)  # type: ignore[arg-type,misc]  # six numbers
        return plain + timedelta(microseconds=int(((fraction or "") + "000000")[:6])) - offset
    except (ValueError, OverflowError):
        _wrong(where, "a time", value)


def _wrong(where: str, wanted: str, value: object) -> NoReturn:
    raise ShapeError(f"{where} is not {wanted} but {value!r:.80}")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


_SCALARS: Mapping[Any, _Reader] = {
    str: _text,
    bool: _truth,
    int: _integer,
    float: _number,
    Decimal: _money,
    datetime: _instant,
}
