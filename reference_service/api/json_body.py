"""JSON bodies, read strictly: UTF-8, one object, no key twice, no NaN, nothing unknown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from reference_service.api.query_string import within
from reference_service.api.text import checked_text, of_length
from reference_service.domain.errors import InvalidRequestError
from reference_service.domain.search import FARTHEST_OFFSET, Bounds

_BODY = "body"
_LONGEST_INTEGER = 18


@dataclass(frozen=True, slots=True)
class JsonBody:
    """The fields of a body's object."""

    fields: Mapping[str, object]

    def only(self, known: frozenset[str]) -> "JsonBody":
        """Itself, where every field is known.

        Raises InvalidRequestError.
        """
        for name in self.fields:
            if name not in known:
                raise InvalidRequestError(_shown(name), "is not a known field")
        return self

    def text(self, name: str, bounds: Bounds | None = None) -> str | None:
        if name not in self.fields:
            return None
        return self._text(name, self.fields[name], bounds)

    def texts(self, name: str) -> tuple[str, ...]:
        """The items of an array of texts; none is empty."""
        items = self.fields.get(name, [])
        if not isinstance(items, list):
            raise InvalidRequestError(name, "must be an array of strings")
        return tuple(self._text(name, item, Bounds(1, None)) for item in items)

    def integer(self, name: str, default: int, bounds: Bounds) -> int:
        value = self._number(name, "must be an integer")
        if value is None:
            return default
        if isinstance(value, float) and not value.is_integer():
            raise InvalidRequestError(name, "must be an integer")
        return int(within(name, value, bounds))

    def number(self, name: str, bounds: Bounds) -> float | None:
        value = self._number(name, "must be a number")
        return None if value is None else within(name, value, bounds)

    def boolean(self, name: str) -> bool:
        value = self.fields.get(name, False)
        if not isinstance(value, bool):
            raise InvalidRequestError(name, "must be true or false")
        return value

    def _number(self, name: str, problem: str) -> float | None:
        if name not in self.fields:
            return None
        value = self.fields[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidRequestError(name, problem)
        return value

    def _text(self, name: str, value: object, bounds: Bounds | None) -> str:
        if not isinstance(value, str):
            raise InvalidRequestError(name, "must be a string")
        checked = checked_text(name, value)
        return checked if bounds is None else of_length(name, checked, bounds)


def parse_json_body(raw: bytes) -> JsonBody:
    """The object that the bytes hold.

    Raises InvalidRequestError.
    """
    try:
        document = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=float,  # NaN and the infinities are refused with their field's name
            parse_int=_integer,
        )
    except UnicodeDecodeError:
        raise InvalidRequestError(_BODY, "is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise InvalidRequestError(
            _BODY, f"is not JSON: {error.msg.lower()}, line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise InvalidRequestError(_BODY, "is nested too deeply") from None
    if not isinstance(document, dict):
        raise InvalidRequestError(_BODY, "must be a JSON object")
    return JsonBody(document)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in pairs:
        if name in fields:
            raise InvalidRequestError(_shown(name), "is given more than once")
        fields[name] = value
    return fields


def _integer(digits: str) -> int:
    """Beyond every bound, the exact value does not matter, and int() would refuse thousands of digits."""
    if len(digits) <= _LONGEST_INTEGER:
        return int(digits)
    return -FARTHEST_OFFSET if digits.startswith("-") else FARTHEST_OFFSET


def _shown(name: str) -> str:
    """A caller's field name, fit to be repeated."""
    return repr(name[:60].encode("utf-8", "replace").decode())
