"""Whether the wire contract says that a drawn request is served or refused, or leaves it open."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from urllib.parse import unquote_to_bytes

from harness.contract.paths import CATEGORIES, FEATURED, QUICK_SEARCH, SEARCH, VENDORS

MEGABYTE = 1024 * 1024
SORTS = ("relevance", "rating", "uptime", "popular", "fastest", "recent")
_SEVERAL = frozenset({"tags"})  # its values are several anyway
MANY = 50  # elements of a list: whether more are served is not asked


class Asked(Enum):
    """OPEN: another implementation may decide otherwise."""

    SERVED = "served"
    REFUSED = "refused"
    OPEN = "served or refused"


Judge = Callable[[str], Asked]
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_LONG_WHOLE = re.compile(r"[1-9][0-9]{18,}")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
# Spellings of numbers and truths that some languages read and others do not.
_PERHAPS_NUMBER = re.compile(r"\s*[+-]?[0-9_]*\.?[0-9_]*([eE][+-]?[0-9_]+)?[dfDFlL]?\s*|\s*[+-]?0[xXoObB].*")
_PERHAPS_TRUTH = frozenset(["true", "false", "t", "f", "yes", "no", "y", "n", "on", "off", "1", "0"])


def asked(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Asked:
    """What the contract says about a request; `url` is the path and query as sent."""
    path, _, query = url.partition("?")
    if method == "POST" and path == SEARCH:
        return of_document(_header(headers, "content-type"), body or b"")
    if method != "GET":
        return Asked.OPEN
    known = _known(path)
    return Asked.OPEN if known is None else _all(_of_query(query, *known))


def in_one_segment(text: str) -> bool:
    """Whether the text, escaped, gets through every front server as one segment of a path."""
    return (
        text not in ("", ".", "..")
        and len(text) < 500
        and text.isprintable()
        and not set(text) & set("/\\%;")
    )


def of_document(content_type: str, body: bytes) -> Asked:
    """What the contract says about a body of `POST /search`."""
    kind, _, rest = content_type.partition(";")
    kind = kind.strip().lower()
    if kind.endswith("+json") or rest.strip().lower() not in ("", "charset=utf-8"):
        return Asked.OPEN
    if kind != "application/json" or len(body) > MEGABYTE:
        return Asked.REFUSED
    try:
        document = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return Asked.REFUSED
    if not isinstance(document, dict) or document.keys() - _MEMBERS.keys():
        return Asked.REFUSED
    return _all([_MEMBERS[name](value) for name, value in document.items()])


def _all(found: list[Asked]) -> Asked:
    """One refusal is enough; one doubt makes the rest doubtful."""
    for word in (Asked.REFUSED, Asked.OPEN):
        if word in found:
            return word
    return Asked.SERVED


def _known(path: str) -> tuple[Mapping[str, Judge], frozenset[str]] | None:
    """The parameters of an endpoint and those that it needs."""
    if path == VENDORS:
        return _SEARCH, frozenset()
    if path == FEATURED:
        return {"limit": whole(1, 20)}, frozenset()
    if path == QUICK_SEARCH:
        return {"q": _prefix, "limit": whole(1, 10)}, frozenset({"q"})
    if path == CATEGORIES:
        return {}, frozenset()
    name, _, rest = path.removeprefix(VENDORS + "/").partition("/")
    if not path.startswith(VENDORS + "/") or not in_one_segment(
        unquote_to_bytes(name).decode("utf-8", "replace")
    ):
        return None
    return {"": _NOTHING, "health": _HEALTH}.get(rest)


def _of_query(query: str, judges: Mapping[str, Judge], needed: frozenset[str]) -> list[Asked]:
    found: list[Asked] = []
    seen: list[str] = []
    for pair in filter(None, query.split("&")):
        raw_name, _, raw_value = pair.partition("=")
        name, value = _text(raw_name), _text(raw_value)
        if name is None or value is None:
            found.append(Asked.OPEN)
        elif name in judges:
            seen.append(name)
            odd = "\0" in value or _surrogate(value)
            found.append(Asked.REFUSED if odd else judges[name](value))
    twice = {name for name in seen if seen.count(name) > 1}
    if twice - _SEVERAL or not needed <= set(seen):
        found.append(Asked.REFUSED)
    return [*found, Asked.OPEN] if twice else found


def _text(raw: str) -> str | None:
    """The text that an escaped piece of a query means; None where it is no UTF-8."""
    try:
        return unquote_to_bytes(raw.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _surrogate(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _anything(_: str) -> Asked:
    return Asked.SERVED


def _words(text: str) -> Asked:
    return Asked.SERVED if len(text) <= 200 else Asked.REFUSED


def _prefix(text: str) -> Asked:
    """How much of odd white space is trimmed is nobody's promise."""
    fits = {2 <= len(trimmed) <= 100 for trimmed in (text.strip(), text.strip(" "), text.strip(" \t\r\n"))}
    return Asked.OPEN if len(fits) > 1 else Asked.SERVED if fits == {True} else Asked.REFUSED


def _tags(text: str) -> Asked:
    parts = text.split(",") if text else []
    plain = len(parts) <= MANY and all(part and part == part.strip() for part in parts)
    return Asked.SERVED if plain else Asked.OPEN


def _sort(text: str) -> Asked:
    if text in SORTS:
        return Asked.SERVED
    return Asked.OPEN if text.strip().lower() in SORTS else Asked.REFUSED


def _truth(text: str) -> Asked:
    if text in ("true", "false"):
        return Asked.SERVED
    return Asked.OPEN if text.strip().lower() in _PERHAPS_TRUTH else Asked.REFUSED


def whole(least: int, most: int | None) -> Judge:
    def judge(text: str) -> Asked:
        if _WHOLE.fullmatch(text):
            return _within(Decimal(text), least, most) if text != "-0" else Asked.OPEN
        if _LONG_WHOLE.fullmatch(text):
            return Asked.SERVED if most is None else Asked.REFUSED
        return _odd_number(text)

    return judge


def decimal(most: int) -> Judge:
    def judge(text: str) -> Asked:
        if not _DECIMAL.fullmatch(text):
            return _odd_number(text)
        value = Decimal(text)
        if text.startswith("-") and value == 0:
            return Asked.OPEN
        return _within(value, 0, most)

    return judge


def _latency(text: str) -> Asked:
    """Whether a fraction of a millisecond is a number of milliseconds is left open."""
    judged = decimal(10**12)(text)
    fraction = "." in text and judged is Asked.SERVED
    vast = judged is Asked.REFUSED and text[:1].isdigit()
    return Asked.OPEN if fraction or vast else judged


def _within(value: Decimal, least: int, most: int | None) -> Asked:
    fits = least <= value and (most is None or value <= most)
    near = most is not None and value > most and float(value) <= most  # as a float, it is the bound
    return Asked.SERVED if fits else Asked.OPEN if near else Asked.REFUSED


def _odd_number(text: str) -> Asked:
    return Asked.OPEN if text.strip() and _PERHAPS_NUMBER.fullmatch(text) else Asked.REFUSED


_SEARCH: dict[str, Judge] = {
    "q": _words,
    "category": _anything,
    "tags": _tags,
    "sort": _sort,
    "min_uptime": decimal(100),
    "min_rating": decimal(5),
    "max_latency": _latency,
    "verified": _truth,
    "limit": whole(1, 100),
    "offset": whole(0, None),
}

_NOTHING: tuple[Mapping[str, Judge], frozenset[str]] = ({}, frozenset())
_HEALTH: tuple[Mapping[str, Judge], frozenset[str]] = ({"limit": whole(1, 100)}, frozenset())

JudgeValue = Callable[[object], Asked]


def _string(judge: Judge) -> JudgeValue:
    def of(value: object) -> Asked:
        if not isinstance(value, str) or "\0" in value or _surrogate(value):
            return Asked.REFUSED
        return judge(value)

    return of


def _strings(value: object) -> Asked:
    if not isinstance(value, list):
        return Asked.REFUSED
    found = [_string(lambda text: Asked.SERVED if text.strip() else Asked.OPEN)(item) for item in value]
    return _all([*found, Asked.OPEN if len(value) > MANY else Asked.SERVED])


def _number(judge: Judge, *, integral: bool = False) -> JudgeValue:
    def of(value: object) -> Asked:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return Asked.REFUSED
        if isinstance(value, int):
            return judge(str(value)) if abs(value) < 10**4000 else Asked.OPEN
        if value != value or value in (float("inf"), float("-inf")):
            return Asked.REFUSED
        if value.is_integer() and (integral or value == 0):
            return Asked.OPEN  # 10.0 is an integer to some
        if integral:
            return Asked.REFUSED
        return judge(_plainly(value))

    return of


def _plainly(value: float) -> str:
    try:
        return f"{Decimal(repr(value)):f}"
    except InvalidOperation:
        return ""


def _boolean(value: object) -> Asked:
    return Asked.SERVED if isinstance(value, bool) else Asked.REFUSED


_MEMBERS: dict[str, JudgeValue] = {
    "query": _string(_words),
    "categories": _strings,
    "tags": _strings,
    "minUptime": _number(decimal(100)),
    "minRating": _number(decimal(5)),
    "maxLatency": _number(_latency),
    "verifiedOnly": _boolean,
    "sortBy": _string(lambda text: Asked.SERVED if text in SORTS else Asked.REFUSED),
    "limit": _number(whole(1, 100), integral=True),
    "offset": _number(whole(0, None), integral=True),
}


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a key is given twice")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")
