"""The page in what it is for: the list, and one vendor's details."""

from playwright.sync_api import expect

from reference_service.console.browser.page_model import ConsolePage


def show_list(console: ConsolePage) -> None:
    console.open()
    expect(console.cards.first).to_be_visible()
    expect(console.page.get_by_role("region", name="Featured").get_by_role("link").first).to_be_visible()


def show_details(console: ConsolePage) -> None:
    show_list(console)
    console.cards.nth(1).get_by_role("link").click()
    expect(console.dialog.get_by_role("list", name="Checks, oldest first")).to_be_visible()
