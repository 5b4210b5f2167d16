"""What the page shows is what the API says: every filter, sort and page, over the whole catalogue."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from reference_service.console.browser.agreement import agree
from reference_service.console.browser.marketplace import VENDORS, Marketplace
from reference_service.console.browser.page_model import ConsolePage

Act = Callable[[ConsolePage], object]

FILTERS: dict[str, tuple[Act, dict[str, str | float]]] = {
    "query": (lambda console: console.search.fill("weather"), {"q": "weather"}),
    "query without a match": (lambda console: console.search.fill("qqqqqq"), {"q": "qqqqqq"}),
    "category": (lambda console: console.category("finance").click(), {"category": "finance"}),
    "uptime": (lambda console: console.filter("min_uptime").select_option("99.5"), {"min_uptime": 99.5}),
    "rating": (lambda console: console.filter("min_rating").select_option("4.5"), {"min_rating": 4.5}),
    "latency": (lambda console: console.filter("max_latency").select_option("50"), {"max_latency": 50}),
    "verified": (lambda console: console.verified.check(), {"verified": "true"}),
    "tags": (lambda console: _tag(console, "radar"), {"tags": "radar"}),
}
# All at once, by a category that has some of each: the catalogue knows of no radar in finance.
TOGETHER = FILTERS | {
    "category": (lambda console: console.category("weather").click(), {"category": "weather"})
}


def _tag(console: ConsolePage, tag: str) -> None:
    console.tags.fill(tag)
    console.tags.press("Enter")


def test_the_whole_catalogue_is_offered(console: ConsolePage, marketplace: Marketplace) -> None:
    console.open()
    total = marketplace.search()["total"]
    assert total > 0.9 * VENDORS
    agree(console, marketplace)


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_agrees_with_the_api(name: str, console: ConsolePage, marketplace: Marketplace) -> None:
    act, parameters = FILTERS[name]
    console.open()
    agree(console, marketplace)
    act(console)
    agree(console, marketplace, **parameters)


def test_all_filters_together_agree_with_the_api(console: ConsolePage, marketplace: Marketplace) -> None:
    console.open()
    asked: dict[str, str | float] = {}
    for name in ("query", "category", "tags", "uptime", "rating", "latency", "verified"):
        act, parameters = TOGETHER[name]
        act(console)
        asked |= parameters
        agree(console, marketplace, **asked)
    assert marketplace.search(**asked)["total"] > 0


@pytest.mark.parametrize("sort", ["rating", "uptime", "popular", "fastest", "recent"])
def test_each_sort_agrees_with_the_api(sort: str, console: ConsolePage, marketplace: Marketplace) -> None:
    console.open("?category=ai")
    agree(console, marketplace, category="ai")
    console.sort.select_option(sort)
    expect(console.page).to_have_url(f"{console.address}?category=ai&sort={sort}")
    agree(console, marketplace, category="ai", sort=sort)


def test_relevance_agrees_with_the_api(console: ConsolePage, marketplace: Marketplace) -> None:
    console.open("?q=weather&sort=fastest")
    agree(console, marketplace, q="weather", sort="fastest")
    console.sort.select_option("relevance")
    expect(console.page).to_have_url(f"{console.address}?q=weather&sort=relevance")
    agree(console, marketplace, q="weather", sort="relevance")


def test_pages_append_and_agree_with_the_api(console: ConsolePage, marketplace: Marketplace) -> None:
    console.open("?category=weather")
    for shown in (20, 40, 60):
        agree(console, marketplace, category="weather", limit=shown)
        console.more.click()
    agree(console, marketplace, category="weather", limit=80)


def test_an_address_is_shareable_and_back_works(console: ConsolePage, marketplace: Marketplace) -> None:
    console.open("?q=api&min_rating=4&sort=popular&shown=40")
    agree(console, marketplace, q="api", min_rating=4, sort="popular", limit=40)
    console.category("weather").click()
    agree(console, marketplace, q="api", min_rating=4, sort="popular", category="weather")
    console.page.go_back()
    agree(console, marketplace, q="api", min_rating=4, sort="popular", limit=40)


def test_ten_thousand_loaded_vendors_are_few_in_the_document(
    console: ConsolePage, marketplace: Marketplace
) -> None:
    total = marketplace.search()["total"]
    console.open(f"?shown={VENDORS}")
    expect(console.count).to_have_text(f"{total:,} vendors", timeout=120_000)
    assert 0 < console.cards.count() <= 60
    console.page.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
    last = console.page.get_by_role("listitem").filter(has=console.cards).last
    expect(last).to_have_attribute("aria-setsize", str(total))
    assert 0 < console.cards.count() <= 60
