"""A search request, read from a query string or from a body."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote_to_bytes

SORTS = ("relevance", "rating", "uptime", "popular", "fastest", "recent")


class RefusedError(Exception):
    """An answer that is not 200: status, code and message."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers


def bad(name: str, why: str) -> RefusedError:
    return RefusedError(400, "invalid_request", f"Sorry, «{name}» {why}.")


@dataclass(frozen=True)
class Search:
    """None stands for no filter; `categories`: any may match; `tags`: all must."""

    words: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    min_uptime: float | None = None
    min_rating: float | None = None
    max_latency: float | None = None
    verified: bool = False
    sort: str | None = None
    limit: int = 20
    offset: int = 0


Pairs = Mapping[str, str]


def read_query(raw: str, known: tuple[str, ...]) -> dict[str, str]:
    """The known parameters of a query string; others are ignored. Raises RefusedError."""
    found: dict[str, str] = {}
    for pair in raw.split("&"):
        name_raw, _, value_raw = pair.partition("=")
        name = unquote_to_bytes(name_raw.replace("+", " ")).decode("utf-8", "replace")
        if name not in known:
            continue
        if name in found:
            raise bad(name, "is there twice")
        try:
            found[name] = clean(name, unquote_to_bytes(value_raw.replace("+", " ")).decode("utf-8"))
        except UnicodeDecodeError:
            raise bad(name, "is not UTF-8") from None
    return found


def clean(name: str, value: str) -> str:
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise bad(name, "holds a character that no text has")
    return value


def whole(name: str, text: str, low: int, high: int | None) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise bad(name, "is no whole number")
    if len(text) > 400:
        raise bad(name, "is out of bounds")
    return bounded_int(name, int(text), low, high)


def bounded_int(name: str, value: int, low: int, high: int | None) -> int:
    if value < low or (high is not None and value > high):
        raise bad(name, f"must lie in {low}…{'' if high is None else high}")
    return value


def number(name: str, text: str, high: float) -> float:
    if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text):
        raise bad(name, "is no number")
    return bounded_float(name, float(text), high)


def bounded_float(name: str, value: float, high: float) -> float:
    if not math.isfinite(value) or not 0 <= value <= high:
        raise bad(name, "is out of bounds")
    return value


def truth(name: str, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise bad(name, "is neither true nor false")
    return text.lower() == "true"


def sort_name(name: str, text: str) -> str:
    if text not in SORTS:
        raise bad(name, "is not one of " + " ".join(SORTS))
    return text


def words(name: str, text: str) -> str:
    if len(text) > 200:
        raise bad(name, "is longer than 200 characters")
    return text


def _present(texts: list[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


ReadText = Callable[[Search, str], Search]
FROM_TEXT: dict[str, ReadText] = {
    "q": lambda s, v: replace(s, words=words("q", v)),
    "category": lambda s, v: replace(s, categories=_present([v])),
    "tags": lambda s, v: replace(s, tags=_present([tag.strip() for tag in v.split(",")])),
    "sort": lambda s, v: replace(s, sort=sort_name("sort", v)),
    "min_uptime": lambda s, v: replace(s, min_uptime=number("min_uptime", v, 100)),
    "min_rating": lambda s, v: replace(s, min_rating=number("min_rating", v, 5)),
    "max_latency": lambda s, v: replace(s, max_latency=number("max_latency", v, math.inf)),
    "verified": lambda s, v: replace(s, verified=truth("verified", v)),
    "limit": lambda s, v: replace(s, limit=whole("limit", v, 1, 100)),
    "offset": lambda s, v: replace(s, offset=whole("offset", v, 0, None)),
}


def search_from_query(raw: str) -> Search:
    search = Search()
    for name, text in read_query(raw, tuple(FROM_TEXT)).items():
        search = FROM_TEXT[name](search, text)
    return search


def _string(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise bad(name, "must be a text")
    return clean(name, value)


def _strings(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise bad(name, "must be a list of texts")
    return _present([_string(name, item) for item in value])


def _float(name: str, value: object, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad(name, "must be a number")
    try:
        return bounded_float(name, float(value), high)
    except OverflowError:
        raise bad(name, "is out of bounds") from None


def _int(name: str, value: object, low: int, high: int | None) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad(name, "must be a whole number")
    return bounded_int(name, value, low, high)


def _bool(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise bad(name, "must be true or false")
    return value


ReadValue = Callable[[Search, Any], Search]
FROM_BODY: dict[str, ReadValue] = {
    "query": lambda s, v: replace(s, words=words("query", _string("query", v))),
    "categories": lambda s, v: replace(s, categories=_strings("categories", v)),
    "tags": lambda s, v: replace(s, tags=_strings("tags", v)),
    "minUptime": lambda s, v: replace(s, min_uptime=_float("minUptime", v, 100)),
    "maxLatency": lambda s, v: replace(s, max_latency=_float("maxLatency", v, math.inf)),
    "minRating": lambda s, v: replace(s, min_rating=_float("minRating", v, 5)),
    "verifiedOnly": lambda s, v: replace(s, verified=_bool("verifiedOnly", v)),
    "sortBy": lambda s, v: replace(s, sort=sort_name("sortBy", _string("sortBy", v))),
    "limit": lambda s, v: replace(s, limit=_int("limit", v, 1, 100)),
    "offset": lambda s, v: replace(s, offset=_int("offset", v, 0, None)),
}


def search_from_body(body: bytes, content_type: str | None) -> Search:
    if (content_type or "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedError(415, "unsupported_media_type", "Only application/json is read here.")
    search = Search()
    for name, value in _decode(body).items():
        if name not in FROM_BODY:
            raise bad(clean_name(name), "is no field of a search")
        if value is None:
            raise bad(name, "must not be null")
        search = FROM_BODY[name](search, value)
    return search


def clean_name(name: str) -> str:
    return name[:80].encode("utf-8", "replace").decode()


def _decode(body: bytes) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        for name in names:
            if names.count(name) > 1:
                raise bad(clean_name(name), "is given twice")
        return dict(pairs)

    def refuse(constant: str) -> float:
        raise bad(constant, "is no number of JSON")

    try:
        document = json.loads(body.decode("utf-8"), object_pairs_hook=once, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise bad("body", "is not a JSON document") from None
    if not isinstance(document, dict):
        raise bad("body", "must be an object")
    return document
