"""Requests that must be refused, and the parameter that the refusal must name."""

from dataclasses import dataclass

from harness.contract.paths import FEATURED, QUICK_SEARCH, VENDORS

_NOT_NUMBERS = ("", "abc", "NaN", "nan", "inf", "-inf", "Infinity", "1,5", "5x", "null", "%00", "%ED%A0%80")


@dataclass(frozen=True, slots=True)
class BadQuery:
    """A path with a raw query."""

    path: str
    query: str
    names: str

    def __str__(self) -> str:
        return f"{self.path.rpartition('/')[2]}?{self.query[:60]}"


@dataclass(frozen=True, slots=True)
class BadBody:
    """A body for POST /search, as bytes; `names` is empty where no member is to blame.

    `by_value`: the member's value is what a parameter's may not be either, so that the refusal must name it.
    Where the document itself is of another form, the contract asks for 400 and no more.
    """

    body: bytes
    names: str = ""
    by_value: bool = False

    def __str__(self) -> str:
        text = self.body.decode("utf-8", "backslashreplace")
        return text if len(text) <= 60 else text[:57] + "…"


def _each(path: str, name: str, values: tuple[str, ...]) -> tuple[BadQuery, ...]:
    return tuple(BadQuery(path, f"{name}={value}", name) for value in values)


BAD_QUERIES = (
    *_each(VENDORS, "limit", (*_NOT_NUMBERS, "0", "-1", "101", "1.5", "99999999999999999999")),
    *_each(VENDORS, "offset", (*_NOT_NUMBERS, "-1", "1.5")),
    *_each(VENDORS, "min_uptime", (*_NOT_NUMBERS, "-0.01", "100.01", "1e9", "1e999")),
    *_each(VENDORS, "min_rating", (*_NOT_NUMBERS, "-0.01", "5.01", "-5")),
    *_each(VENDORS, "max_latency", (*_NOT_NUMBERS, "-1")),
    *_each(VENDORS, "sort", ("", "bogus", "RATING", "rat", "-rating", "rating%20desc", "id", "%00")),
    *_each(VENDORS, "verified", ("", "maybe", "2", "tru", "%00")),
    *_each(VENDORS, "q", ("%00", "storm%00", "%ED%A0%80", "x" * 201, "%F0%9F%9A%80" * 201, "e%CC%81" * 101)),
    *_each(VENDORS, "category", ("%00", "weather%00", "%ED%A0%80")),
    *_each(VENDORS, "tags", ("%00", "data,%00", "%ED%A0%80")),
    *[
        BadQuery(VENDORS, f"{name}={value}&{name}={value}", name)
        for name, value in (
            ("q", "storm"),
            ("category", "weather"),
            ("sort", "rating"),
            ("limit", "5"),
            ("offset", "0"),
            ("min_uptime", "1"),
            ("min_rating", "1"),
            ("max_latency", "1"),
            ("verified", "true"),
        )
    ],
    BadQuery(VENDORS, "limit=5&q=storm&limit=6", "limit"),
    BadQuery(VENDORS, "q=storm&q=", "q"),
    BadQuery(VENDORS, "limit=5&%6Cimit=6", "limit"),
    BadQuery(VENDORS, "category=&category=weather", "category"),
    BadQuery(VENDORS, "q=storm&sort=rating&min_rating=9&category=weather", "min_rating"),
    *_each(FEATURED, "limit", ("", "abc", "0", "-1", "21", "100", "1.5", "NaN", "%00")),
    BadQuery(FEATURED, "limit=5&limit=5", "limit"),
    *_each(QUICK_SEARCH, "q", ("", "a", "%C3%A9", "%20a%20", "%20%20%20", "x" * 101, "ab%00", "%ED%A0%80x")),
    BadQuery(QUICK_SEARCH, "", "q"),
    BadQuery(QUICK_SEARCH, "limit=5", "q"),
    BadQuery(QUICK_SEARCH, "q=weather&q=weather", "q"),
    *[
        BadQuery(QUICK_SEARCH, f"q=weather&limit={value}", "limit")
        for value in ("", "0", "-1", "11", "abc", "1.5", "NaN", "%00")
    ],
)

_OUT_OF_BOUNDS = ("-0.01", "100.01", "5.01", "-1", "0", "101", '"bogus"', f'"{"x" * 201}"')

BAD_HEALTH_LIMITS = ("", "abc", "0", "-1", "101", "1.5", "NaN", "%00", "5&limit=5")

BAD_BODIES = (
    BadBody(b""),
    BadBody(b" "),
    BadBody(b"{"),
    BadBody(b'{"limit": 5'),
    BadBody(b'{"limit": 5,}'),
    BadBody(b"{limit: 5}"),
    BadBody(b"{'limit': 5}"),
    BadBody(b'{"limit": 5} {}'),
    BadBody(b"null"),
    BadBody(b"[]"),
    BadBody(b'"storm"'),
    BadBody(b"5"),
    BadBody(b"q=storm"),
    BadBody(b'{"query": "\xff\xfe"}'),
    BadBody(b'{"minRating": NaN}'),
    BadBody(b'{"minUptime": Infinity}'),
    BadBody(b'{"limit": 05}'),
    BadBody(b'{"limit": 5 /* five */}'),
    BadBody(b'{"query": "storm\x01"}'),
    BadBody(b'{"nonsense": 1}', "nonsense"),
    BadBody(b'{"nonsense": null}', "nonsense"),
    BadBody(b'{"q": "storm"}', "q"),
    BadBody(b'{"min_rating": 3}', "min_rating"),
    BadBody(b'{"limit": 5, "limit": 5}', "limit"),
    BadBody(b'{"limit": 5, "\\u006cimit": 5}', "limit"),
    BadBody(b'{"query": "storm", "query": "rain"}', "query"),
    *[
        BadBody(f'{{"{name}": {value}}}'.encode(), name, by_value=value in _OUT_OF_BOUNDS)
        for name, values in (
            ("query", ("null", "5", "true", '["storm"]', "{}", '"\\u0000"', '"\\ud800"', f'"{"x" * 201}"')),
            ("categories", ("null", '"weather"', "5", "[5]", "[null]", '["\\u0000"]', "{}")),
            ("tags", ("null", '"data"', "5", "[5]", "[null]", '["\\ud800"]', "{}")),
            ("minUptime", ("null", '"99"', "true", "[]", "-0.01", "100.01", "1e400")),
            ("minRating", ("null", '"4"', "true", "[]", "-0.01", "5.01")),
            ("maxLatency", ("null", '"100"', "true", "[]", "-1")),
            ("verifiedOnly", ("null", '"true"', "1", "[]")),
            ("sortBy", ("null", '""', '"bogus"', "5", '["rating"]')),
            ("limit", ("null", '"5"', "true", "[]", "0", "-1", "101", "1.5", "1e400")),
            ("offset", ("null", '"0"', "true", "[]", "-1", "1.5")),
        )
        for value in values
    ],
)

ODD_TYPES = (
    "application/json; charset*=utf-8''utf-8",
    "application/json; x*=a; x*0=b",
    f"application/json; x*{'9' * 5_000}=a",
    "application/json; charset=no-such-charset",
    'application/json; x="',
    "application/json;;;=",
    "application/" + "x" * 5_000,
    "application/json, text/plain",
    "/",
    ";",
    "\xff/\xfe",
)
"""Of which a target may take what it can read."""

WRONG_TYPES = ("text/plain", "application/jsonx", "application/x-www-form-urlencoded", "application/xml")
