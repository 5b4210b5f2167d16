"""What a page complained of: each error and warning that it logged, each exception that it did not catch."""

from playwright.sync_api import Page

_REFUSED = "Failed to load resource"


class Complaints:
    """Those of one page, as they come."""

    def __init__(self, page: Page) -> None:
        self.told: list[str] = []
        page.on("pageerror", lambda error: self.told.append(f"uncaught {error}"))
        page.on("console", lambda it: it.type in ("error", "warning") and self.told.append(it.text))

    def forget_refusals(self) -> None:
        """Leave out what the browser itself logs of each answer above 399, and of each that did not come."""
        self.told = [words for words in self.told if not words.startswith(_REFUSED)]
