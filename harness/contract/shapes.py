"""The types of the wire: which members an object must have, may have, and what each may hold."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from harness.contract.compare import Difference, is_number, moment, shorten
from harness.evidence import Json
from harness.fixtures.shown import ABSENT

Kind: TypeAlias = tuple[str, Callable[[Json], bool]]


def _whole(value: Json) -> bool:
    return is_number(value) and float(value).is_integer()


TEXT: Kind = ("text", lambda v: isinstance(v, str))
BOOL: Kind = ("true or false", lambda v: isinstance(v, bool))
COUNT: Kind = ("a whole number of at least 0", lambda v: _whole(v) and v >= 0)
ID: Kind = ("a whole number", _whole)
AMOUNT: Kind = ("a number of at least 0", lambda v: is_number(v) and v >= 0)
NUMBER: Kind = ("a number", is_number)
PERCENT: Kind = ("a number from 0 to 100", lambda v: is_number(v) and 0 <= v <= 100)
RATING: Kind = ("a number from 0 to 5", lambda v: is_number(v) and 0 <= v <= 5)
MOMENT: Kind = ("an RFC 3339 time in UTC, ending in Z", lambda v: moment(v) is not None)
TEXTS: Kind = ("a list of texts", lambda v: isinstance(v, list) and all(isinstance(i, str) for i in v))
OBJECT: Kind = ("an object", lambda v: isinstance(v, dict))
OBJECTS: Kind = ("a list of objects", lambda v: isinstance(v, list) and all(isinstance(i, dict) for i in v))
STATUS: Kind = ("up, degraded or down", lambda v: v in ("up", "degraded", "down"))


def _is_revenue(value: Json) -> bool:
    if not isinstance(value, str):
        return False
    whole, point, places = value.partition(".")
    return bool(point) and whole.isdigit() and places.isdigit() and len(places) == 6


REVENUE: Kind = ("a decimal text with six places", _is_revenue)


@dataclass(frozen=True, slots=True)
class Shape:
    required: Mapping[str, Kind]
    optional: Mapping[str, Kind] = field(default_factory=dict)

    def of(self, document: Mapping[str, Json]) -> dict[str, Json]:
        """What the contract names of a document; an optional member that it lacks is absent."""
        names = {**self.required, **self.optional}
        return {name: document.get(name, ABSENT) for name in names}

    def faults(self, observed: Json, path: str) -> Iterator[Difference]:
        """Where an object has another shape; members that nobody names are fine."""
        if not isinstance(observed, dict):
            yield Difference(path, "an object", shorten(observed))
            return
        for name, (words, holds) in {**self.required, **self.optional}.items():
            if name not in observed:
                if name in self.required:
                    yield Difference(f"{path}.{name}", words, "no such member")
            elif not holds(observed[name]):
                yield Difference(f"{path}.{name}", words, shorten(observed[name]))


RESULT = Shape(
    {
        "id": ID,
        "appId": TEXT,
        "slug": TEXT,
        "serviceName": TEXT,
        "description": TEXT,
        "category": TEXT,
        "defaultPriceUsd": AMOUNT,
        "tags": TEXTS,
        "isVerified": BOOL,
        "uptimePct": PERCENT,
        "avgLatencyMs": AMOUNT,
        "ratingScore": RATING,
        "totalRequests": COUNT,
        "successRate": PERCENT,
        "uniqueAgents": COUNT,
    },
    {"logoUrl": TEXT, "featuredOrder": ID, "lastRequestAt": MOMENT, "relevanceScore": NUMBER},
)
DETAILS = Shape(
    {**RESULT.required, "createdAt": MOMENT, "metrics": OBJECT, "endpoints": OBJECTS},
    {"logoUrl": TEXT, "featuredOrder": ID, "lastRequestAt": MOMENT, "websiteUrl": TEXT},
)
METRICS = Shape(
    {
        "uptimePct": PERCENT,
        "avgLatencyMs": AMOUNT,
        "p95LatencyMs": AMOUNT,
        "p99LatencyMs": AMOUNT,
        "ratingScore": RATING,
        "totalRequests": COUNT,
        "successRate": PERCENT,
        "errorRate": PERCENT,
        "uniqueAgents": COUNT,
        "totalRevenueUsd": REVENUE,
    },
    {"lastRequestAt": MOMENT, "updatedAt": MOMENT},
)
ENDPOINT = Shape({"method": TEXT, "path": TEXT, "name": TEXT}, {"description": TEXT, "priceUsd": AMOUNT})
CHECK = Shape(
    {"status": STATUS, "checkedAt": MOMENT}, {"responseTimeMs": AMOUNT, "statusCode": COUNT, "error": TEXT}
)
FACET = Shape({"category": TEXT, "count": COUNT})
QUICK_RESULT = Shape({"id": ID, "slug": TEXT, "serviceName": TEXT, "category": TEXT, "rating": RATING})
SEARCH = Shape({"vendors": OBJECTS, "total": COUNT, "hasMore": BOOL, "categories": OBJECTS})


def search_faults(document: Json) -> Iterator[Difference]:
    """Where a search's answer has another shape, vendors and facets included."""
    yield from SEARCH.faults(document, "answer")
    for place, vendor in enumerate(document.get("vendors") or []):
        yield from RESULT.faults(vendor, f"vendors[{place}]")
    for place, facet in enumerate(document.get("categories") or []):
        yield from FACET.faults(facet, f"categories[{place}]")
