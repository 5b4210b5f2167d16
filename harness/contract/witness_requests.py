"""What is asked of a healthy target and of its variant, a request each, to see that they are not the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

import msgspec

from harness.contract.bad_input import BAD_BODIES, BAD_HEALTH_LIMITS, BAD_QUERIES, ODD_TYPES, WRONG_TYPES
from harness.contract.paths import BASE, CATEGORIES, FEATURED, QUICK_SEARCH, SEARCH, VENDORS
from harness.fixtures.dataset import Vendor
from harness.fixtures.model import Model
from harness.fixtures.search import Search, Sort
from harness.target import Cors

JSON = {"Content-Type": "application/json"}
QUERIES = (
    "weather",
    "forecasts",
    "WEATHER data",
    "weather the forecast",
    "the of and",
    "%",
    "weather%",
    "wea",
    "café",
    "cafe",
    "forecast OR storm",
    "-forecast storm",
    '"storm forecast"',
    "forecast | storm",
    "zed_r",
    "finance data",
)
PREFIXES = (
    "we",
    "WEATHER",
    "weather st",
    "fo",
    "zed_",
    "100%",
    "50",
    "(b",
    "bé",
    "o'h",
    "hare",
    "ÜB",
    "cafe",
    "café",
    "eather",
    "  we ",
    "🚀r",
    "🚀🚀",
    "é" * 100,
    "back\\",
    "data",
)
FILTERS = (
    Search(min_uptime=83.33),
    Search(min_uptime=99.95),
    Search(min_uptime=100),
    Search(min_rating=4.8),
    Search(min_rating=5.0),
    Search(max_latency=0),
    Search(max_latency=5),
    Search(max_latency=45),
    Search(max_latency=2_500),
    Search(verified=True),
    Search(tags=("forecast",)),
    Search(tags=("forecast", "data")),
    Search(tags=("fore",)),
    Search(tags=("c++",)),
    Search(tags=("FORECAST",)),
    Search(categories=("weather",)),
    Search(categories=("nowhere",)),
    Search(categories=("Weather",)),
    Search(categories=("weather", "voice")),
    Search(query="weather", min_uptime=99.5),
    Search(query="data", categories=("finance",)),
    Search(min_rating=4.2, tags=("forecast",), verified=True, max_latency=800),
)
PAGES = ((1, 0), (1, 1), (7, 0), (7, 7), (7, 14), (100, 0), (100, 100), (5, 10**12), (5, 10**30))
NASTY = (
    "'",
    '"',
    "\\",
    "%",
    "a" * 200,
    "é" * 200,
    "\u202eevil",
    "\u0001",
    ":* & :*",
    "((((",
    "a\tb",
    "+",
    " ",
)
DEEP = (
    b"[" * 100_000,
    b'{"tags":' * 50_000,
    b'{"limit": ' + b"9" * 50_000 + b"}",
    b"\xef\xbb\xbf{}",
    b'"\\ud800"',
)
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; its text is a name that no other request has."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    def __str__(self) -> str:
        text = f"{self.method} {self.path}"
        if self.headers and self.headers != JSON:
            text += " " + ", ".join(f"{name}: {value}" for name, value in self.headers.items())
        if self.body is not None and not self.headers:
            text += " without a content type"
        if self.body is not None:
            text += " " + _cut(self.body.decode("utf-8", "backslashreplace"), 80)
        return _cut(text, 200)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


def every_request(model: Model | None, cors: Cors | None) -> Iterator[Asked]:
    """All of them; `model` is of the data that the target holds, where that is known."""
    yield from _searches(model)
    yield from _lists()
    yield from _vendors(model.dataset.vendors if model else ())
    yield from _refused(model)
    yield from _odd()
    yield from _of_browsers(cors)
    yield from (Asked(path) for path in ("/health/live", "/health/ready", "/health/workers"))


def _searches(model: Model | None) -> Iterator[Asked]:
    totals = [model.search(Search()).total] if model else []
    around = [(limit, total - limit) for total in totals for limit in (1, 10, 20)]
    yield Asked(VENDORS)
    for sort in Sort:
        for query in (None, "weather", "forecast"):
            yield from _both(Search(query=query, sort=sort, limit=100))
        yield from _both(Search(sort=sort, limit=100, offset=100))
    for limit, offset in (*PAGES, *around):
        yield from _both(Search(limit=limit, offset=offset))
    for search in FILTERS:
        yield from _both(replace(search, limit=100))
    for query in QUERIES:
        yield from _both(Search(query=query, limit=100))
    for raw in (
        "verified=false",
        "verified=1",
        "q=&category=&tags=",
        "LIMIT=3&nonsense=1",
        "tags=forecast,",
        "q=+",
    ):
        yield Asked(f"{VENDORS}?{raw}")
    for body in (b"{}", b'{"verifiedOnly": false}', b'{"tags": []}', b'{"query": ""}', b'{"limit": 3.0}'):
        yield Asked(SEARCH, "POST", JSON, body)


def _both(search: Search) -> Iterator[Asked]:
    if len(search.categories) <= 1:
        words = [
            (name, str(value).lower() if isinstance(value, bool) else value)
            for name, value in search.params()
        ]
        yield Asked(f"{VENDORS}?{urlencode(words)}")
    yield Asked(SEARCH, "POST", JSON, msgspec.json.encode(search.body()))


def _lists() -> Iterator[Asked]:
    for limit in ("", "?limit=1", "?limit=9", "?limit=20"):
        yield Asked(FEATURED + limit)
    yield Asked(CATEGORIES)
    for prefix in PREFIXES:
        yield Asked(f"{QUICK_SEARCH}?{urlencode({'q': prefix, 'limit': 10})}")
    yield Asked(f"{QUICK_SEARCH}?q=we")


def _vendors(vendors: tuple[Vendor, ...]) -> Iterator[Asked]:
    for vendor in vendors:
        yield Asked(f"{VENDORS}/{vendor.id}")
        if not vendor.active or not vendor.slug.startswith("vendor-"):
            yield Asked(f"{VENDORS}/{vendor.id}/health")
            for slug in (vendor.slug, vendor.slug.upper()):
                yield Asked(f"{VENDORS}/{quote(slug)}")
    for vendor in sorted(vendors, key=lambda v: -len(v.health_checks))[:6]:
        for limit in ("", "?limit=1", "?limit=100"):
            yield Asked(f"{VENDORS}/{vendor.slug}/health{limit}")
    for vendor in vendors[:2]:
        yield Asked(f"{VENDORS}/000{vendor.id}")
        yield Asked(f"{VENDORS}/{vendor.app_id}")
    for name in (
        "0",
        "2147483648",
        "9223372036854775808",
        "1" * 40,
        "no-such-vendor",
        "-1",
        "1.0",
        "%25",
        "a%00b",
    ):
        yield Asked(f"{VENDORS}/{name}")


def _refused(model: Model | None) -> Iterator[Asked]:
    for bad in BAD_QUERIES:
        yield Asked(f"{bad.path}?{bad.query}")
    for body in BAD_BODIES:
        yield Asked(SEARCH, "POST", JSON, body.body)
    for kind in (*WRONG_TYPES, *ODD_TYPES):
        yield Asked(SEARCH, "POST", {"Content-Type": kind}, b"{}")
    yield Asked(SEARCH, "POST", {}, b"{}")
    yield Asked(SEARCH, "POST", {"Content-Type": "application/json; charset=utf-8"}, b"{}")
    for size in (MEGABYTE, MEGABYTE + 1):
        yield Asked(SEARCH, "POST", JSON, b"{}" + b" " * (size - 2))
    if model and model.visible:
        for value in BAD_HEALTH_LIMITS:
            yield Asked(f"{VENDORS}/{model.visible[0].id}/health?limit={value}")
    for path in (f"{BASE}/nope", "/nope", f"{VENDORS}/1/nope", BASE):
        yield Asked(path)
    for path in (VENDORS, FEATURED, CATEGORIES, QUICK_SEARCH, f"{VENDORS}/1", SEARCH):
        for method in ("GET", "PUT", "DELETE"):
            yield Asked(path, method)


def _odd() -> Iterator[Asked]:
    for text in NASTY:
        for name in ("q", "category", "tags"):
            yield Asked(f"{VENDORS}?{urlencode({name: text})}")
        yield Asked(f"{QUICK_SEARCH}?{urlencode({'q': text})}")
    for raw in ("%ff", "%c3%28", "%zz", "%f4%90%80%80"):
        for path in (f"{VENDORS}?q={raw}", f"{VENDORS}?{raw}=1", f"{VENDORS}/{raw}"):
            yield Asked(path)
    for body in DEEP:
        yield Asked(SEARCH, "POST", JSON, body)


def _of_browsers(cors: Cors | None) -> Iterator[Asked]:
    if cors is None:
        return
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    for origin in (cors.allowed, cors.denied, cors.allowed + ".evil.example", "null"):
        for path in (CATEGORIES, f"{VENDORS}?limit=0", f"{BASE}/nope"):
            yield Asked(path, headers={"Origin": origin})
        yield Asked(SEARCH, "OPTIONS", {"Origin": origin, **ask})
