"""What the browser's tests share: the service, the browser, and a page that must stay clean."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

from reference_service.console.browser.chromium import NoChromiumError, find_chromium
from reference_service.console.browser.complaints import Complaints
from reference_service.console.browser.marketplace import Marketplace, open_marketplace
from reference_service.console.browser.page_model import ConsolePage

pytest.register_assert_rewrite("reference_service.console.browser.agreement")

CONSOLE = Path(__file__).resolve().parents[1]
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--screenshots", type=Path, metavar="FOLDER", help="write the user guide's pictures here"
    )


@pytest.fixture(scope="session")
def marketplace(postgres_server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marketplace]:
    """The real service with its catalogue and its bundle."""
    subprocess.run([sys.executable, "-m", "reference_service", "build-console"], check=True, timeout=600)
    with psycopg.connect(postgres_server_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE browser")
    url = postgres_server_url.rpartition("/")[0] + "/browser"
    with open_marketplace(url, tmp_path_factory.mktemp("marketplace")) as opened:
        yield opened


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = _started(playwright)
        if isinstance(opened, str):
            pytest.fail(opened, pytrace=False)
        yield opened
        opened.close()


def _started(playwright: Playwright) -> Browser | str:
    """A browser, or why there is none and what to do."""
    try:
        chromium = find_chromium(CONSOLE / ".build" / "chromium")
    except NoChromiumError as error:
        return str(error)
    try:
        return playwright.chromium.launch(executable_path=chromium, args=[*_QUIET, "--no-sandbox"])
    except Error as error:
        return (
            f"{chromium} does not start ({error.message.strip().splitlines()[0]}): "
            "install Chromium (Debian: apt install chromium) or set LAUNCHKIT_CHROMIUM"
        )


@pytest.fixture
def opened(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="dark")
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


@pytest.fixture
def complaints(opened: Page) -> Complaints:
    """What the page complains of: nothing, but for the refusals that a test provokes and forgets."""
    return Complaints(opened)


@pytest.fixture
def page(opened: Page, marketplace: Marketplace, complaints: Complaints) -> Iterator[Page]:
    """A page that logs no error, and loads nothing but from the service."""
    elsewhere: list[str] = []

    def watch(url: str) -> None:
        if urlsplit(url).netloc != urlsplit(marketplace.url).netloc:
            elsewhere.append(url)

    opened.on("request", lambda request: watch(request.url))
    yield opened
    assert elsewhere == []
    assert complaints.told == []


@pytest.fixture
def console(page: Page, marketplace: Marketplace) -> ConsolePage:
    return ConsolePage(page, marketplace.console)
