"""browser: loads a page in a headless Chromium and looks at what became of it."""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import httpx

from checklists import fields as read
from checklists import references
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
from checklists.units import Unit
from harness.browser import NoBrowserError, Window, find_chromium, open_page
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import Target, is_loopback

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

# A standard and all that it builds on, as axe tags its rules.
_AUDITS: Mapping[str, tuple[str, ...]] = {
    "wcag2a": ("wcag2a",),
    "wcag2aa": ("wcag2a", "wcag2aa"),
    "wcag21aa": ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa"),
    "wcag22aa": ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
}
_KEPT = 20  # complaints and violations that are told one by one
_SETTLE_MS = 5000.0  # how long a page may go on loading before it is looked at as it is


@dataclass(frozen=True, slots=True)
class BrowserProbe:
    """A path on the console's address; `width` in CSS pixels, `audit` a standard that axe knows."""

    path: str
    width: int = 1280
    audit: str = ""

    def asked(self, target: Target) -> str:
        audit = f", audited by axe ({self.audit})" if self.audit else ""
        return f"{self._url(target)} in a browser {self.width} px wide{audit}"

    def ask(self, context: Context) -> Answer | NoAnswer:
        url = self._url(context.target)
        require_answer(url, context)
        try:
            find_chromium()
        except NoBrowserError as error:
            return NoAnswer(Status.ERROR, error.message, error.hint)
        window = Window(width=self.width, confined=is_loopback(url))
        with open_page(window, seconds=context.timeout) as page:
            return self._look(page, url, context.target)

    def _look(self, page: "Page", url: str, target: Target) -> Answer:
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(f"uncaught {error}"))
        page.on("console", lambda message: complaints.extend(_complaint(message)))
        started = time.monotonic()
        response = page.goto(url, wait_until="load")
        taken = time.monotonic() - started
        _settle(page)
        dom, text = page.content(), " ".join(page.inner_text("body").split())
        # An error page, or an empty one, has neither faults nor merits of the page that was asked for.
        is_page = response is not None and response.ok and bool(text)
        violations = _violations(page, self.audit, target) if self.audit and is_page else None
        words: dict[str, tuple[Any, ...]] = {
            "status": (response.status if response else 0,),
            "title": (page.title().strip(),),
            "text": (text,),
            "dom": (dom,),
            "time": (taken,),
        }
        if is_page or complaints:
            words["console_errors"] = (len(complaints),)
        if is_page:
            words["overflow"] = (_overflow(page),)
        details: dict[str, Any] = {"console": complaints[:_KEPT]}
        if violations is not None:
            words["violations"] = (len(violations),)
            details["violations"] = violations[:_KEPT]
        return Answer(
            Facts(words=words),
            output=dom.encode(),
            suffix="html",
            details=details,
            files={"screenshot.png": page.screenshot()},
        )

    def _url(self, target: Target) -> str:
        return urljoin(references.lookup("console_url", target), references.fill(self.path, target))


def require_answer(url: str, context: Context) -> None:
    """Raises CouldNotDecideError where nothing answers: a browser would show a page of its own."""
    try:
        with context.client.open(url, context.target, context.timeout) as client:
            client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CouldNotDecideError(f"{url} did not answer ({error})", hint="is the console running?") from None


def _complaint(message: "ConsoleMessage") -> list[str]:
    return [message.text] if message.type == "error" else []


def _settle(page: "Page") -> None:
    from playwright.sync_api import TimeoutError as NotQuietError  # noqa: PLC0415  loaded with the browser

    with contextlib.suppress(NotQuietError):  # a page that polls is never quiet
        page.wait_for_load_state("networkidle", timeout=_SETTLE_MS)


def _overflow(page: "Page") -> int:
    """How many pixels the page is wider than its window."""
    root = "document.documentElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


def _violations(page: "Page", audit: str, target: Target) -> list[dict[str, Any]]:
    """What axe finds against a standard: a rule, and the elements that break it."""
    source = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate(source)
    tags = list(_AUDITS[audit])
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", tags
    )
    return [
        {
            "rule": rule["id"],
            "help": rule["help"],
            "impact": rule["impact"],
            "elements": [target.redact(node["html"])[:200] for node in rule["nodes"][:5]],
        }
        for rule in found["violations"]
    ]


def _read(reading: Reading) -> BrowserProbe:
    return BrowserProbe(
        path=read.text(reading.node),
        width=reading.fields.count("width", 1280, least=200, most=8000),
        audit=reading.fields.choice("axe", tuple(_AUDITS), ""),
    )


KIND = Kind(
    key="browser",
    read=_read,
    vocabulary=Vocabulary(
        words={
            "status": Unit.STATUS,
            "title": Unit.TEXT,
            "text": Unit.TEXT,
            "dom": Unit.TEXT,
            "console_errors": Unit.NUMBER,
            "violations": Unit.NUMBER,
            "overflow": Unit.NUMBER,
            "time": Unit.DURATION,
        }
    ),
    siblings=("width", "axe"),
    timeout=45.0,
    measures={"axe": "violations"},
)
