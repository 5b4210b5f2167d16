"""Which vendors a search finds, in which order, and the facets beside them."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from harness.tests.second_target.asking import Search
from harness.tests.second_target.records import Books, Metrics, Vendor
from harness.tests.second_target.words import lexemes


@dataclass(frozen=True)
class Hit:
    vendor: Vendor
    metrics: Metrics
    score: int | None


@dataclass(frozen=True)
class Found:
    page: list[Hit]
    total: int
    facets: list[tuple[str, int]]


def run(books: Books, search: Search) -> Found:
    hits = [hit for hit in _hits(books, search.words) if _passes(hit, search)]
    chosen = [hit for hit in hits if not search.categories or hit.vendor.category in search.categories]
    chosen.sort(key=_order(search))
    return Found(
        page=chosen[search.offset : search.offset + search.limit],
        total=len(chosen),
        facets=count_categories(hit.vendor for hit in hits),
    )


def count_categories(vendors: Iterable[Vendor]) -> list[tuple[str, int]]:
    counts = Counter(vendor.category for vendor in vendors)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _hits(books: Books, words: str) -> list[Hit]:
    active = [vendor for vendor in books.vendors.values() if vendor.active]
    if not words:
        return [Hit(vendor, books.metrics_of(vendor), None) for vendor in active]
    asked = set(lexemes(words))
    found = []
    for vendor in active:
        score = _score(vendor, asked)
        if score:
            found.append(Hit(vendor, books.metrics_of(vendor), score))
    return found


def _score(vendor: Vendor, asked: set[str]) -> int:
    """How often the words occur, the name counting most; 0 where one is missing."""
    text = lexemes(f"{vendor.description} {vendor.category} {' '.join(vendor.tags)}")
    name = lexemes(vendor.name)
    if not asked or not asked <= set(text) | set(name):
        return 0
    return sum(text.count(word) + 7 * name.count(word) for word in asked)


def _passes(hit: Hit, search: Search) -> bool:
    metrics = hit.metrics
    return (
        set(search.tags) <= set(hit.vendor.tags)
        and (hit.vendor.verified or not search.verified)
        and (search.min_uptime is None or metrics.uptime >= search.min_uptime)
        and (search.min_rating is None or metrics.rating >= search.min_rating)
        and (search.max_latency is None or 0 < metrics.latency <= search.max_latency)
    )


Key = Callable[[Hit], tuple[float, ...]]
_ORDERS: dict[str, Key] = {
    "relevance": lambda h: (-(h.score or 0), -h.metrics.rating, h.vendor.id),
    "rating": lambda h: (-h.metrics.rating, -h.metrics.requests, h.vendor.id),
    "uptime": lambda h: (-h.metrics.uptime, -h.metrics.rating, h.vendor.id),
    "popular": lambda h: (-h.metrics.requests, -h.metrics.rating, h.vendor.id),
    "fastest": lambda h: (not h.metrics.latency, h.metrics.latency, -h.metrics.rating, h.vendor.id),
    "recent": lambda h: (-_seconds(h.metrics.last_request), h.vendor.id),
}


def _order(search: Search) -> Key:
    wanted = search.sort or "relevance"
    return _ORDERS["rating" if wanted == "relevance" and not search.words else wanted]


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else float("-inf")


def featured(books: Books, limit: int) -> list[Hit]:
    chosen = [v for v in books.vendors.values() if v.active and v.featured is not None]
    chosen.sort(key=lambda v: (v.featured or 0, v.id))
    return [Hit(vendor, books.metrics_of(vendor), None) for vendor in chosen[:limit]]


def quick(books: Books, prefix: str, limit: int) -> list[Hit]:
    hits = [
        Hit(v, books.metrics_of(v), 0 if 0 in starts else 1)
        for v in books.vendors.values()
        if v.active and (starts := _starts(v.name, prefix))
    ]
    hits.sort(key=lambda h: (h.score or 0, -h.metrics.requests, h.vendor.id))
    return hits[:limit]


def _starts(name: str, prefix: str) -> list[int]:
    """Where the prefix stands at the start of a word of the name, ignoring case."""
    low, wanted = name.lower(), prefix.lower()
    places = (place for place in range(len(low)) if low.startswith(wanted, place))
    return [place for place in places if place == 0 or not _of_word(low[place - 1])]


def _of_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "L" or unicodedata.category(letter) == "Nd"
