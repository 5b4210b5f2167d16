"""browser: loads a page in a headless Chromium and looks at what became of it."""

import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import httpx

from checklists import fields as read
from checklists import references
from checklists.expectations import Facts
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
from checklists.units import Unit
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import Target, is_loopback

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_AUDITS = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
_CONSOLE_ERROR = re.compile(r":(?:ERROR|SEVERE|INFO):CONSOLE[^\]]*\] \"(Uncaught .*|Failed to load .*)\"")


@dataclass(frozen=True, slots=True)
class BrowserProbe:
    """A path on the console's address; `width` in CSS pixels."""

    path: str
    width: int = 1280
    audit: str = ""

    def asked(self, target: Target) -> str:
        audit = f", audited by {self.audit}" if self.audit else ""
        return f"{self._url(target)} in a browser {self.width} px wide{audit}"

    def ask(self, context: Context) -> Answer | NoAnswer:
        url = self._url(context.target)
        status = _status(url, context)
        if self.audit:
            return NoAnswer(
                Status.ERROR,
                f"the audit {self.audit} needs Playwright and axe-core, which are not installed",
                "install them, or audit by hand and sign",
            )
        chromium = next((path for path in map(shutil.which, _NAMES) if path), None)
        if chromium is None:
            return NoAnswer(
                Status.ERROR, "no Chromium on PATH", "install Chromium (Debian: apt install chromium)"
            )
        return self._load(chromium, url, status, context)

    def _load(self, chromium: str, url: str, status: int, context: Context) -> Answer:
        with tempfile.TemporaryDirectory(prefix="launchkit-browser-") as name:
            folder = Path(name)
            started = time.monotonic()
            out, err = _run(self._argv(chromium, url, folder), folder, context)
            taken = time.monotonic() - started
            picture = folder / "page.png"
            files = {"screenshot.png": picture.read_bytes()} if picture.is_file() else {}
        dom = out.decode("utf-8", "replace")
        page = _Page()
        page.feed(dom)
        errors = _CONSOLE_ERROR.findall(err.decode("utf-8", "replace"))
        facts = Facts(
            words={
                "status": (status,),
                "title": (page.title.strip(),),
                "text": (" ".join(page.text.split()),),
                "dom": (dom,),
                "console_errors": (len(errors),),
                "time": (taken,),
            }
        )
        return Answer(facts, output=out, suffix="html", details={"console": errors[:20]}, files=files)

    def _argv(self, chromium: str, url: str, folder: Path) -> list[str]:
        # A page of this machine has no business elsewhere, nor has the browser's own housekeeping.
        confined = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"]
        return [
            chromium,
            "--headless=new",
            "--no-sandbox",  # Chromium refuses to run as root with it
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            *(confined if is_loopback(url) else []),
            "--no-first-run",
            "--no-proxy-server",
            "--enable-logging=stderr",
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={self.width},900",
            f"--screenshot={folder / 'page.png'}",
            "--virtual-time-budget=5000",
            "--dump-dom",
            url,
        ]

    def _url(self, target: Target) -> str:
        return urljoin(references.lookup("console_url", target), references.fill(self.path, target))


def _status(url: str, context: Context) -> int:
    """The page's HTTP status. Raises CouldNotDecideError where nothing answers."""
    try:
        with context.client.open(url, context.target, context.timeout) as client:
            return client.get(url).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CouldNotDecideError(f"{url} did not answer ({error})", hint="is the console running?") from None


def _run(argv: list[str], folder: Path, context: Context) -> tuple[bytes, bytes]:
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "TMPDIR": str(folder)}
    try:
        with context.processes.start(argv, folder=folder, environment=environment) as process:
            return process.communicate(timeout=context.timeout)
    except subprocess.TimeoutExpired:
        raise CouldNotDecideError(f"the browser did not finish within {context.timeout:g} s") from None
    except OSError as error:
        raise CouldNotDecideError(f"{argv[0]} cannot be started ({error.strerror})") from None


class _Page(HTMLParser):
    """The title and the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.text, self._inside = "", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  HTMLParser's
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  HTMLParser's
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        elif self._inside not in ("script", "style"):
            self.text += f" {data}"


def _read(reading: Reading) -> BrowserProbe:
    return BrowserProbe(
        path=read.text(reading.node),
        width=reading.fields.count("width", 1280, least=200, most=8000),
        audit=reading.fields.choice("axe", _AUDITS, ""),
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
)
