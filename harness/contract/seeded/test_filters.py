"""Filters, each alone at its edges; all combinations are drawn in `test_search`."""

from dataclasses import replace

import pytest

from harness.contract.client import Client
from harness.contract.expect import expect_search
from harness.contract.paths import VENDORS
from harness.fixtures.model import Model
from harness.fixtures.search import Search, Sort

EDGES = (
    *[Search(min_uptime=value) for value in (0.0, 83.33, 83.34, 99.94, 99.95, 99.96, 100.0)],
    *[Search(min_rating=value) for value in (0.0, 1.0, 4.79, 4.8, 4.81, 5.0)],
    *[Search(max_latency=value) for value in (0, 4, 5, 44, 45, 46, 2_499, 2_500, 10**12)],
    Search(verified=True),
    Search(verified=False),
)
PAIRS = (
    Search(min_uptime=99.0, min_rating=4.5),
    Search(min_uptime=99.95, max_latency=100),
    Search(min_rating=4.8, verified=True),
    Search(max_latency=120, verified=True),
    Search(min_uptime=99.0, categories=("weather",)),
    Search(min_rating=4.2, tags=("forecast",)),
    Search(max_latency=800, tags=("data",)),
    Search(verified=True, categories=("finance",)),
    Search(tags=("forecast", "data"), categories=("weather",)),
    Search(query="weather", min_uptime=99.5),
    Search(query="weather", min_rating=4.5, sort=Sort.POPULAR),
    Search(query="data", max_latency=120),
    Search(query="forecast", verified=True),
    Search(query="forecast", tags=("global",)),
    Search(query="weather", categories=("finance",)),
    Search(query="global", min_uptime=90.0, min_rating=3.0, max_latency=2_500, verified=True, tags=("data",)),
)
TAGS = (
    ("forecast",),
    ("forecast", "data"),
    ("data", "forecast", "global"),
    ("data", "data"),
    ("c++",),
    ("50%",),
    ("q&a",),
)
MORE_TAGS = (("a_b",), ("été",), ("machine learning",), ("machine",), ("fore",), ("nothing",))
CATEGORIES = (
    "weather",
    "machine learning",
    "travel & food",
    "voice",
    "machine",
    "nowhere",
    "hidden",
    "%",
    "weather,voice",
)


def describe(search: Search) -> str:
    return "&".join(f"{name}={value}" for name, value in search.params())


def ask(client: Client, model: Model, search: Search) -> None:
    search = replace(search, limit=100)
    expect_search(client.get(VENDORS, search.params()), model.search(search), model)


@pytest.mark.requirement("API-06")
@pytest.mark.parametrize("search", EDGES, ids=describe)
def test_one_filter(client: Client, model: Model, search: Search) -> None:
    ask(client, model, search)


@pytest.mark.requirement("API-06")
@pytest.mark.parametrize("search", PAIRS, ids=describe)
def test_filters_together(client: Client, model: Model, search: Search) -> None:
    ask(client, model, search)


@pytest.mark.requirement("API-06", "DOC-04")
@pytest.mark.parametrize("tags", TAGS + MORE_TAGS, ids=",".join)
def test_all_tags_must_match(client: Client, model: Model, tags: tuple[str, ...]) -> None:
    ask(client, model, Search(tags=tags))


@pytest.mark.requirement("API-03")
@pytest.mark.parametrize("category", CATEGORIES)
def test_category(client: Client, model: Model, category: str) -> None:
    ask(client, model, Search(categories=(category,)))
