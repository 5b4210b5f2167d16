"""axe finds nothing in any state and theme, contrast included; and the user guide's pictures."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import expect

from reference_service.console.browser.page_model import ConsolePage

Reach = Callable[[ConsolePage], object]


def _list(console: ConsolePage) -> None:
    console.open()
    expect(console.cards.first).to_be_visible()
    expect(console.page.get_by_role("region", name="Featured").get_by_role("link").first).to_be_visible()


def _suggestions(console: ConsolePage) -> None:
    _list(console)
    console.search.press_sequentially("sol")
    expect(console.suggestions.first).to_be_visible()
    console.search.press("ArrowDown")


def _details(console: ConsolePage) -> None:
    _list(console)
    console.cards.nth(1).get_by_role("link").click()
    expect(console.dialog.get_by_role("list", name="Checks, oldest first")).to_be_visible()


def _empty(console: ConsolePage) -> None:
    console.open("?q=qqqqqq&verified=true&tags=radar")
    expect(console.page.get_by_text("No vendors match")).to_be_visible()


def _error(console: ConsolePage) -> None:
    console.page.route("**/v1/marketplace/vendors?*", lambda route: route.fulfill(status=503, json={}))
    console.open()
    expect(console.problem).to_be_visible()


def _loading(console: ConsolePage) -> None:
    console.page.route("**/v1/marketplace/vendors?*", lambda _: None)
    console.open()
    expect(console.count).to_have_text("Loading vendors…")


STATES: dict[str, Reach] = {
    "list": _list,
    "suggestions": _suggestions,
    "details": _details,
    "empty": _empty,
    "error": _error,
    "loading": _loading,
}


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(
    state: str,
    theme: str,
    width: int,
    console: ConsolePage,
    complaints: list[str],
    request: pytest.FixtureRequest,
) -> None:
    page = console.page
    page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # a literal
    STATES[state](console)
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text())
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)"
    )
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    if state == "error":
        complaints.clear()  # the browser logs each 503
    folder: Path | None = request.config.getoption("--screenshots")
    if folder and (state, theme, width) in PICTURES:
        page.screenshot(path=folder / PICTURES[state, theme, width])


PICTURES = {
    ("list", "dark", 1440): "console.png",
    ("details", "light", 1440): "console-details.png",
    ("list", "light", 390): "console-mobile.png",
}
