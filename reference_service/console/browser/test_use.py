"""Using the page: details, errors, the keyboard alone, every width."""

import pytest
from playwright.sync_api import Locator, expect

from reference_service.console.browser.agreement import agree
from reference_service.console.browser.complaints import Complaints
from reference_service.console.browser.marketplace import Marketplace
from reference_service.console.browser.page_model import ConsolePage

_MOST_STOPS = 120


def test_a_card_opens_its_details_and_escape_returns(console: ConsolePage, marketplace: Marketplace) -> None:
    vendor = marketplace.search()["vendors"][2]
    console.open()
    console.link(vendor["serviceName"]).click()
    expect(console.page.get_by_role("dialog", name=vendor["serviceName"])).to_be_visible()
    expect(console.page).to_have_url(f"{console.address}/{vendor['slug']}")
    expect(console.dialog.get_by_role("heading", name="Uptime history")).to_be_visible()
    console.page.keyboard.press("Escape")
    expect(console.dialog).to_have_count(0)
    expect(console.link(vendor["serviceName"])).to_be_focused()


def test_details_open_by_their_address(console: ConsolePage, marketplace: Marketplace) -> None:
    vendor = marketplace.search()["vendors"][0]
    console.open(f"/{vendor['slug']}")
    expect(console.page.get_by_role("dialog", name=vendor["serviceName"])).to_be_visible()
    expect(console.page).to_have_title(f"{vendor['serviceName']} · Marketplace")


def test_a_vendor_that_is_not_there_is_explained(console: ConsolePage, complaints: Complaints) -> None:
    console.open("/nobody-has-this-slug")
    expect(console.dialog.get_by_role("alert").first).to_contain_text("No such vendor")
    complaints.forget_refusals()


def test_a_stopped_api_is_explained_and_retry_recovers(
    console: ConsolePage, marketplace: Marketplace, complaints: Complaints
) -> None:
    console.open()
    expect(console.cards.first).to_be_visible()
    marketplace.stop()
    try:
        console.category("weather").click()
        expect(console.problem).to_contain_text("cannot be reached")
        expect(console.cards).to_have_count(0)
    finally:
        marketplace.start()
    console.retry.click()
    expect(console.cards.first).to_be_visible()
    expect(console.problem).to_have_count(0)
    complaints.forget_refusals()


def test_the_keyboard_is_enough(console: ConsolePage, marketplace: Marketplace) -> None:
    console.open()
    expect(console.cards.first).to_be_visible()
    keyboard = console.page.keyboard
    keyboard.press("/")
    expect(console.search).to_be_focused()
    keyboard.type("weather")
    first, second, third = (v["serviceName"] for v in marketplace.search(q="weather", limit=3)["vendors"])
    expect(console.cards.first.get_by_role("link")).to_have_text(first)
    expect(console.suggestions.first).to_be_visible()
    keyboard.press("Escape")
    for name in (first, second, third):
        keyboard.press("ArrowDown")
        expect(console.link(name).and_(console.page.locator(":focus"))).to_have_count(1)
    keyboard.press("Enter")
    expect(console.page.get_by_role("dialog", name=third)).to_be_visible()
    for _ in range(12):
        keyboard.press("Tab")
        assert console.page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    keyboard.press("Escape")
    expect(console.dialog).to_have_count(0)


def tab_to(console: ConsolePage, control: Locator) -> None:
    """Press Tab until the control has the focus."""
    for _ in range(_MOST_STOPS):
        console.page.keyboard.press("Tab")
        if control.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"{_MOST_STOPS} times Tab do not lead to {control}")


def test_the_keyboard_narrows_sorts_and_loads_more(console: ConsolePage, marketplace: Marketplace) -> None:
    console.open()
    agree(console, marketplace)
    keyboard = console.page.keyboard
    keyboard.press("/")
    tab_to(console, console.category("data"))
    keyboard.press("Enter")
    agree(console, marketplace, category="data")
    tab_to(console, console.filter("min_rating"))
    keyboard.press("End")
    agree(console, marketplace, category="data", min_rating=2)
    tab_to(console, console.tags)
    keyboard.type("csv")
    keyboard.press("Enter")
    agree(console, marketplace, category="data", min_rating=2, tags="csv")
    tab_to(console, console.sort)
    keyboard.press("End")
    agree(console, marketplace, category="data", min_rating=2, tags="csv", sort="recent")
    tab_to(console, console.more)
    keyboard.press("Enter")
    agree(console, marketplace, category="data", min_rating=2, tags="csv", sort="recent", limit=40)


def test_a_telephone_folds_its_filters_out(console: ConsolePage, marketplace: Marketplace) -> None:
    console.page.set_viewport_size({"width": 390, "height": 844})
    console.open()
    agree(console, marketplace)
    expect(console.filter("min_uptime")).to_be_hidden()
    console.filters.click()
    console.filter("min_uptime").select_option("99.5")
    agree(console, marketplace, min_uptime=99.5)
    expect(console.filters).to_have_accessible_name("Filters (1)")
    assert console.overflow() == 0
    console.filters.click()
    expect(console.filter("min_uptime")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1440, 3840])
def test_it_fits_every_width(width: int, console: ConsolePage) -> None:
    console.page.set_viewport_size({"width": width, "height": 2160 if width == 3840 else 844})
    console.open()
    expect(console.cards.first).to_be_visible()
    assert console.overflow() == 0
    console.cards.first.get_by_role("link").click()
    expect(console.dialog.get_by_role("heading", name="Metrics")).to_be_visible()
    assert console.overflow() == 0


def test_few_of_many_cards_are_in_the_document_on_the_largest_screen(console: ConsolePage) -> None:
    console.page.set_viewport_size({"width": 3840, "height": 2160})
    console.open("?shown=200")
    expect(console.count).to_contain_text("200 of")
    console.page.evaluate("window.scrollTo(0, 3000)")
    expect(console.page.locator("[aria-posinset='70']")).to_be_attached()
    assert 20 < console.cards.count() <= 60


def test_motion_is_reduced_where_a_person_wishes(console: ConsolePage) -> None:
    console.page.emulate_media(reduced_motion="reduce")
    console.open()
    console.cards.first.get_by_role("link").click()
    assert console.dialog.evaluate("panel => getComputedStyle(panel).animationName") == "none"
