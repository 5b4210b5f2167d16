"""Makes up vendors: names, texts, prices and endpoints."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from reference_service.catalogue import vocabulary as words
from reference_service.catalogue.draws import stream
from reference_service.catalogue.model import Endpoint, Vendor

MAX_FEATURED = 20
_PRICES = ("0.000100", "0.000500", "0.001000", "0.002000", "0.005000", "0.010000", "0.050000", "0.250000")
_PRICE_WEIGHTS = (8, 14, 26, 20, 14, 10, 6, 2)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make: `count` vendors, at `stub_url`, as of `now`; the same plan makes the same catalogue."""

    count: int
    seed: int
    stub_url: str
    now: datetime


def make_vendors(plan: Plan) -> tuple[Vendor, ...]:
    """Vendors with ids from 1 up; slugs are unique."""
    rng = stream(plan.seed, "vendors")
    featured = _featured(plan, rng)
    names = _names(rng)
    return tuple(
        _vendor(plan, vendor_id, next(names), featured.get(vendor_id), rng)
        for vendor_id in range(1, plan.count + 1)
    )


def make_endpoints(plan: Plan, vendors: tuple[Vendor, ...]) -> Iterator[Endpoint]:
    """One to four endpoints a vendor."""
    rng = stream(plan.seed, "endpoints")
    for vendor in vendors:
        for method, path, name in rng.sample(words.OPERATIONS, rng.randint(1, 4)):
            described = f"{name} {vendor.category} {_word(rng)}." if rng.random() < 0.7 else None
            price = _price(rng) if rng.random() < 0.4 else None
            yield Endpoint(vendor.id, method, path, name, described, price)


@dataclass(frozen=True, slots=True)
class _Name:
    topic: words.Topic
    subject: str
    text: str
    slug: str


def _names(rng: random.Random) -> Iterator[_Name]:
    taken: set[str] = set()
    while True:
        topic = rng.choices(words.TOPICS, cum_weights=words.TOPIC_WEIGHTS)[0]
        subject = rng.choice(topic.subjects)
        brand = rng.choice(words.BRAND_STARTS) + rng.choice(words.BRAND_ENDS)
        text = f"{brand} {subject} {rng.choice(words.FORMS)}"
        slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        if slug in taken:
            number = rng.randint(2, 10**6)
            text, slug = f"{text} {number}", f"{slug}-{number}"
        if slug not in taken:
            taken.add(slug)
            yield _Name(topic, subject, text, slug)


def _vendor(plan: Plan, vendor_id: int, name: _Name, featured: int | None, rng: random.Random) -> Vendor:
    base_url = f"{plan.stub_url}/vendors/{vendor_id}"
    return Vendor(
        id=vendor_id,
        app_id=f"mp_app_{rng.getrandbits(64):016x}",
        slug=name.slug,
        service_name=name.text,
        description=_description(name, rng),
        category=name.topic.category,
        tags=_tags(name.topic, rng),
        logo_url=f"{base_url}/logo.svg" if rng.random() < 0.7 else None,
        website_url=base_url if rng.random() < 0.8 else None,
        base_url=base_url,
        health_endpoint="/health" if rng.random() < 0.95 else None,
        default_price_usd=_price(rng),
        is_verified=featured is not None or rng.random() < 0.6,
        featured_order=featured,
        status="active" if featured is not None or rng.random() < 0.96 else "inactive",
        created_at=plan.now - timedelta(days=30 + rng.random() * 700),
    )


def _featured(plan: Plan, rng: random.Random) -> dict[int, int]:
    chosen = rng.sample(range(1, plan.count + 1), min(MAX_FEATURED, (plan.count + 9) // 10))
    return {vendor_id: order for order, vendor_id in enumerate(chosen, start=1)}


def _description(name: _Name, rng: random.Random) -> str:
    first, second, third, fourth, fifth = _distinct_words(rng, 5)
    quality, other = rng.sample(words.QUALITIES, 2)
    return (
        f"{quality.capitalize()} {name.subject.lower()} for {rng.choice(words.AUDIENCES)}: "
        f"{first}, {second} and {third}. {other.capitalize()} {fourth} with {fifth}."
    )


def _tags(topic: words.Topic, rng: random.Random) -> list[str]:
    own = rng.sample(topic.tags, rng.randint(1, 3))
    return own + [
        tag for tag in rng.sample(("json", "rest", "realtime", "free-tier"), 1) if rng.random() < 0.5
    ]


def _distinct_words(rng: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[_word(rng)] = None
    return list(found)


def _word(rng: random.Random) -> str:
    return rng.choices(words.WORDS, cum_weights=words.WORD_WEIGHTS)[0]


def _price(rng: random.Random) -> str:
    return rng.choices(_PRICES, _PRICE_WEIGHTS)[0]
