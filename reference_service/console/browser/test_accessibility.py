"""axe finds nothing in any state, theme and width, contrast included."""

from collections.abc import Callable, Iterator
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from reference_service.console.browser.complaints import Complaints
from reference_service.console.browser.page_model import ConsolePage
from reference_service.console.browser.states import show_details, show_list

Reach = Callable[[ConsolePage], object]

_SEARCHES = "**/v1/marketplace/vendors?*"
_DETAILS = "**/v1/marketplace/vendors/*"
_NOTHING = {"vendors": [], "total": 0, "hasMore": False, "categories": []}
_NARROW = {390: 844, 768: 1024}
_WIDE = {1440: 900}


def _filters(console: ConsolePage) -> None:
    console.open("?tags=radar&min_uptime=99")
    expect(console.cards.first).to_be_visible()
    console.filters.click()
    expect(console.filter("min_uptime")).to_be_visible()


def _suggestions(console: ConsolePage) -> None:
    show_list(console)
    console.search.press_sequentially("sol")
    expect(console.suggestions.first).to_be_visible()
    console.search.press("ArrowDown")


def _empty(console: ConsolePage) -> None:
    console.open("?q=qqqqqq&verified=true&tags=radar")
    expect(console.page.get_by_text("No vendors match")).to_be_visible()


def _empty_marketplace(console: ConsolePage) -> None:
    console.page.route(_SEARCHES, lambda route: route.fulfill(json=_NOTHING))
    console.open()
    expect(console.page.get_by_text("No vendors yet")).to_be_visible()


def _loading(console: ConsolePage) -> None:
    console.page.route(_SEARCHES, lambda _: None)
    console.open()
    expect(console.count).to_have_text("Loading vendors…")


def _stale(console: ConsolePage) -> None:
    show_list(console)
    console.page.route(_SEARCHES, lambda _: None)
    console.category("weather").click()
    expect(console.count).to_have_text("Loading vendors…")
    expect(console.cards.first).to_be_visible()


def _error(console: ConsolePage) -> None:
    _refuse(console, _SEARCHES)
    console.open()
    expect(console.problem).to_be_visible()


def _more_failed(console: ConsolePage) -> None:
    show_list(console)
    _refuse(console, _SEARCHES)
    console.more.click()
    expect(console.problem).to_be_visible()
    expect(console.cards.first).to_be_attached()


def _details_loading(console: ConsolePage) -> None:
    show_list(console)
    console.page.route(_DETAILS, lambda _: None)
    console.cards.nth(1).get_by_role("link").click()
    expect(console.dialog.get_by_role("status")).to_have_text("Loading the vendor…")


def _details_not_found(console: ConsolePage) -> None:
    console.open("/nobody-has-this-slug")
    expect(console.dialog.get_by_role("alert")).to_contain_text("No such vendor")


def _details_failed(console: ConsolePage) -> None:
    show_list(console)
    _refuse(console, _DETAILS)
    console.cards.nth(1).get_by_role("link").click()
    expect(console.dialog.get_by_role("alert")).to_be_visible()


def _refuse(console: ConsolePage, requests: str) -> None:
    console.page.route(requests, lambda route: route.fulfill(status=503, json={}))


STATES: dict[str, Reach] = {
    "list": show_list,
    "filters": _filters,
    "suggestions": _suggestions,
    "empty": _empty,
    "empty marketplace": _empty_marketplace,
    "loading": _loading,
    "stale": _stale,
    "error": _error,
    "more failed": _more_failed,
    "details": show_details,
    "details loading": _details_loading,
    "details not found": _details_not_found,
    "details failed": _details_failed,
}


def _cases() -> Iterator[tuple[str, str, int]]:
    for state in STATES:
        # Where the window is wide, the filters are not folded.
        for width in _NARROW if state == "filters" else _NARROW | _WIDE:
            for theme in ("dark", "light"):
                yield state, theme, width


@pytest.mark.parametrize(("state", "theme", "width"), list(_cases()))
def test_axe_finds_nothing(
    state: str,
    theme: str,
    width: int,
    console: ConsolePage,
    complaints: Complaints,
) -> None:
    page = console.page
    page.set_viewport_size({"width": width, "height": (_NARROW | _WIDE)[width]})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # a literal
    STATES[state](console)
    assert violations(page) == []
    complaints.forget_refusals()


@pytest.mark.parametrize("state", ["list", "details"])
@pytest.mark.parametrize("system", ["dark", "light"])
def test_axe_finds_nothing_in_the_theme_that_a_person_chooses(
    system: str, state: str, console: ConsolePage
) -> None:
    console.page.emulate_media(color_scheme=system, reduced_motion="reduce")  # type: ignore[arg-type]  # a literal
    console.open()
    ground = _ground(console.page)
    console.theme.click()
    assert _ground(console.page) != ground
    STATES[state](console)
    assert _ground(console.page) != ground
    assert violations(console.page) == []


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """The rules that are broken, each with the elements that break it."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text())
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)"
    )
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


def _ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
