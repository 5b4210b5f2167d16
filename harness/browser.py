"""A headless Chromium that finds nothing but what it is asked for."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import CouldNotDecideError
from harness.settings import read_settings

if TYPE_CHECKING:  # a tenth of a second that only a browser's user should pay
    from playwright.sync_api import Page, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--no-sandbox",  # Chromium refuses to run as root with it
)
# A page of this machine has no business elsewhere, nor has the browser's own housekeeping.
_CONFINED = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"


class NoBrowserError(CouldNotDecideError):
    """There is no Chromium to ask."""


@dataclass(frozen=True, slots=True)
class Window:
    """Sizes in CSS pixels; a confined one reaches loopback only."""

    width: int = 1280
    height: int = 900
    confined: bool = True


def find_chromium() -> str:
    """Raises NoBrowserError."""
    if chosen := read_settings().chromium:
        found = shutil.which(chosen)
        if found is None:
            raise NoBrowserError(
                f"LAUNCHKIT_CHROMIUM: {chosen} is no program",
                hint="correct it, or unset it for the one on PATH",
            )
        return found
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    if found is None:
        raise NoBrowserError("no Chromium on PATH", hint="install Chromium (Debian: apt install chromium)")
    return found


@contextmanager
def open_page(window: Window, *, seconds: float) -> Iterator["Page"]:
    """An empty page, each of whose steps may take so long. Raises NoBrowserError, CouldNotDecideError."""
    executable = find_chromium()
    from playwright.sync_api import Error  # noqa: PLC0415  see above

    try:
        with _driver() as playwright:
            browser = playwright.chromium.launch(
                executable_path=executable,
                args=[*_QUIET, *([_CONFINED] if window.confined else [])],
                timeout=seconds * 1000,
            )
            context = browser.new_context(
                viewport={"width": window.width, "height": window.height}, reduced_motion="reduce"
            )
            page = context.new_page()
            page.set_default_timeout(seconds * 1000)
            yield page
            browser.close()
    except Error as error:
        raise CouldNotDecideError(f"the browser could not do it: {error.message.splitlines()[0]}") from None


@contextmanager
def _driver() -> Iterator["Playwright"]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  see above

    try:
        playwright = sync_playwright().start()
    except Exception as error:  # playwright's own is a bare one
        raise NoBrowserError(
            f"the browser's driver does not start ({error})", hint="Debian: apt install libatomic1"
        ) from None
    try:
        yield playwright
    finally:
        playwright.stop()


def slow_down(page: "Page", times: float) -> None:
    """Have the page run so many times slower than this machine."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": times})
