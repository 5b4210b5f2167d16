"""Searches as people make them: words by Zipf's law from the catalogue's own, in classes of a fixed mix."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

VENDORS = "/v1/marketplace/vendors"
_SORTS = ("relevance", "rating", "uptime", "popular", "fastest", "recent")
_OFFSETS = (0, 0, 0, 20, 40, 100, 200)
_FILTERS = ({"min_rating": "4.5"}, {"min_uptime": "99"}, {"max_latency": "100"})
_CLASSES = ("one word", "two words", "word and category or tag", "word and figures")
_SHARES = (60, 15, 15, 10)
_SAMPLED_PAGES = 10
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and categories by falling frequency, and tags, as a sample of the catalogue shows them."""

    words: tuple[str, ...]
    categories: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    kind: str
    path: str


def read_vocabulary(base_url: str) -> Vocabulary:
    """Of up to a thousand vendors, in ten pages evenly from the most recently used to the least."""
    words: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    for vendor in _sampled(base_url):
        text = f"{vendor['serviceName']} {vendor['description']} {' '.join(vendor['tags'])}"
        words.update(set(re.findall(r"[a-z]{3,}", text.lower())) - _STOP_WORDS)
        tags.update(vendor["tags"])
        categories[vendor["category"]] += 1
    return Vocabulary(
        *(tuple(name for name, _ in found.most_common()) for found in (words, categories, tags))
    )


def _sampled(base_url: str) -> Iterator[dict[str, Any]]:
    first = _page(base_url, 0)
    yield from first["vendors"]
    step = max(_PAGE, first["total"] // _SAMPLED_PAGES)
    for offset in range(step, first["total"], step):
        yield from _page(base_url, offset)["vendors"]


def _page(base_url: str, offset: int) -> dict[str, Any]:
    url = f"{base_url}{VENDORS}?sort=recent&limit={_PAGE}&offset={offset}"
    with urlopen(url, timeout=30) as answer:  # noqa: S310  # a server that we started  # nosec B310
        page: dict[str, Any] = json.load(answer)
    return page


_STOP_WORDS = frozenset({"and", "for", "with", "the"})


def requests(vocabulary: Vocabulary, seed: int) -> Iterator[Request]:
    """Without end; the same seed gives the same ones."""
    rng = random.Random(seed)  # noqa: S311  # a repeatable draw
    weights = tuple(accumulate(1 / rank for rank in range(1, len(vocabulary.words) + 1)))
    while True:
        kind = rng.choices(_CLASSES, _SHARES)[0]
        words = rng.choices(vocabulary.words, cum_weights=weights, k=2 if kind == "two words" else 1)
        params = {"q": " ".join(words), "sort": rng.choice(_SORTS), "offset": str(rng.choice(_OFFSETS))}
        yield Request(kind, f"{VENDORS}?{urlencode({**params, **_narrowed(kind, vocabulary, rng)})}")


def _narrowed(kind: str, vocabulary: Vocabulary, rng: random.Random) -> Mapping[str, str]:
    if kind == "word and figures":
        return rng.choice(_FILTERS)
    if kind != "word and category or tag":
        return {}
    if rng.random() < 0.5:
        return {"category": rng.choice(vocabulary.categories)}
    return {"tags": rng.choice(vocabulary.tags)}
