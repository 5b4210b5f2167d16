"""The console as a person meets it: everything is found by its role and name, here and nowhere else.

What another console has too is described in one file, by which the toolkit uses it as well.
"""

import re
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Locator, Page, expect

_FILE = Path(__file__).resolve().parents[3] / "harness" / "console.yaml"
_DESCRIBED: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
_FILTERS: dict[str, dict[str, Any]] = {each["parameter"]: each for each in _DESCRIBED["filters"]}


class ConsolePage:
    """One open page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def open(self, rest: str = "") -> "ConsolePage":
        self.page.goto(self.address + rest)
        return self

    @property
    def search(self) -> Locator:
        return self._find(_DESCRIBED["search"])

    @property
    def sort(self) -> Locator:
        return self.filter("sort")

    @property
    def count(self) -> Locator:
        return self.page.get_by_role("region", name="Vendors").get_by_role("status")

    @property
    def cards(self) -> Locator:
        return self._find(_DESCRIBED["card"])

    @property
    def filters(self) -> Locator:
        """Folds the filters away and out, where the window is narrow."""
        return self.page.get_by_role("button", name=re.compile(r"^Filters( \(\d+\))?$"))

    @property
    def verified(self) -> Locator:
        return self.filter("verified")

    @property
    def tags(self) -> Locator:
        return self.filter("tags")

    @property
    def theme(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("^Use the (dark|light) theme$"))

    @property
    def more(self) -> Locator:
        return self._find(_DESCRIBED["more"])

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def problem(self) -> Locator:
        return self._find(_DESCRIBED["problem"])

    @property
    def retry(self) -> Locator:
        return self._find(_DESCRIBED["retry"])

    @property
    def suggestions(self) -> Locator:
        return self.page.get_by_role("listbox", name="Suggestions").get_by_role("option")

    def filter(self, parameter: str) -> Locator:
        """What narrows or orders the list by a parameter of the API."""
        return self._find(_FILTERS[parameter])

    def category(self, name: str) -> Locator:
        return self._find(_FILTERS["category"], choice=name)

    def category_names(self) -> list[str]:
        """Each category as it is shown, with its count; the first stands for all."""
        return self.page.get_by_role("group", name="Categories").get_by_role("button").all_text_contents()

    def link(self, name: str) -> Locator:
        return self.cards.get_by_role("link", name=name, exact=True)

    def copied(self, language: str) -> str:
        """What the details' request in this language leaves in the clipboard."""
        self.dialog.get_by_role("button", name=language, exact=True).click()
        self.dialog.get_by_role("button", name=f"Copy {language}").click()
        expect(self.dialog.get_by_text("Copied")).to_be_visible()
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def shown(self) -> dict[int, str]:
        """The vendors in the document, by their positions from 0 among all; read at one moment."""
        rows = self.page.get_by_role("list", name="Vendors").get_by_role("listitem")
        found = rows.evaluate_all(
            "rows => rows.map(row => [row.ariaPosInSet, row.querySelector('a').innerText])"
        )
        return {int(position) - 1: name for position, name in found}

    def listed(self, count: int) -> list[str]:
        """The first so many vendors in their order, each range of them scrolled into view."""
        found: dict[int, str] = {}
        self.page.evaluate("window.scrollTo(0, 0)")
        for position in range(count):
            if position in found:
                continue
            if position > 0:
                self._row(position - 1).scroll_into_view_if_needed()
            expect(self._row(position)).to_be_attached()
            found |= self.shown()
        assert max(found, default=-1) < count, f"more than {count} are listed"
        return [found[position] for position in range(count)]

    def _find(self, control: dict[str, Any], choice: str = "") -> Locator:
        name: str | None = control.get("name")
        if name is None:
            return self.page.get_by_role(control["role"])
        if name.startswith("/"):
            pattern = re.compile(name.strip("/").replace("{choice}", re.escape(choice)))
            return self.page.get_by_role(control["role"], name=pattern)
        return self.page.get_by_role(control["role"], name=name, exact=True)

    def _row(self, position: int) -> Locator:
        return self.page.locator(f"[aria-posinset='{position + 1}']")

    def settled(self, shown: int, total: int) -> None:
        """Wait until so many of so many vendors are shown."""
        vendors = "vendor" if total == 1 else "vendors"
        text = f"{shown:,} of {total:,} vendors" if shown < total else f"{total:,} {vendors}"
        expect(self.count).to_have_text(text if total else "No vendors")

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )
