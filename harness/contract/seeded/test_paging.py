"""Pages: exact at every edge."""

import pytest

from harness.contract.client import Client
from harness.contract.expect import expect_search
from harness.contract.paths import SEARCH, VENDORS
from harness.fixtures.model import Model
from harness.fixtures.search import Search, Sort

BEYOND = (1_000, 10**6, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 10**30)
SEARCHES = (
    Search(),
    Search(categories=("finance",), sort=Sort.POPULAR),
    Search(tags=("forecast",), sort=Sort.FASTEST),
    Search(query="weather", sort=Sort.RECENT),
)


def ask(client: Client, model: Model, search: Search, limit: int | None, offset: int | None) -> None:
    params = [*search.params(), *[(n, v) for n, v in (("limit", limit), ("offset", offset)) if v is not None]]
    paged = Search(
        query=search.query,
        categories=search.categories,
        tags=search.tags,
        sort=search.sort,
        limit=limit,
        offset=offset,
    )
    expect_search(client.get(VENDORS, params), model.search(paged), model)


@pytest.mark.requirement("API-05")
@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: str(search.body()))
def test_edges(client: Client, model: Model, search: Search) -> None:
    """One before, at and past the end, with the smallest, the largest and the default page."""
    total = model.search(search).total
    for offset in (0, 1, total - 21, total - 20, total - 2, total - 1, total, total + 1):
        for limit in (1, 2, 20, 100, None) if not client.single else (1, None):
            if offset >= 0:
                ask(client, model, search, limit, offset)


@pytest.mark.requirement("API-05")
def test_a_page_that_ends_exactly_at_the_end_has_no_more(client: Client, model: Model) -> None:
    search = Search(categories=("finance",))
    total = model.search(search).total
    for limit in (total - 1, total, total + 1):
        ask(client, model, search, limit, None)
        ask(client, model, search, 1, limit - 1)


@pytest.mark.requirement("API-05")
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_cover_all_without_overlap(client: Client, model: Model, sort: Sort) -> None:
    search = Search(sort=sort)
    size = 13 if not client.single else 60
    for offset in range(0, model.search(search).total + size, size):
        ask(client, model, search, size, offset)


@pytest.mark.requirement("API-05", "CHK-41")
@pytest.mark.parametrize("offset", BEYOND)
def test_far_beyond_the_end(client: Client, model: Model, offset: int) -> None:
    ask(client, model, Search(), None, offset)
    search = Search(offset=offset, query="weather")
    expect_search(client.post(SEARCH, search.body()), model.search(search), model)
