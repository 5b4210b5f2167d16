"""The built site asks nobody for anything, its pages are whole, and its search finds them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

SITE = Path(__file__).parents[3] / "build" / "site"
_LOADED = {"src", "srcset", "data", "poster", "action", "formaction", "background"}
_JAVASCRIPT = re.compile(r"""(?:fetch|import|open|src|href|url|load\w*)\s*[(=:]\s*["'`](?:https?:)?//""")
_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?(?:https?:)?//""")

_ASKS = re.compile(f"{_JAVASCRIPT.pattern}|{_STYLE.pattern}")
_WITHIN = re.compile(r"<script[^>]*>(.*?)</script>|<style[^>]*>(.*?)</style>", re.DOTALL)


class Page(HTMLParser):
    """What a page loads, what it links to, and the places that can be linked to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in _LOADED or (tag == "link" and name == "href"):
                self.loads.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name == "id":
                self.places.add(value or "")
            elif name == "style" and _STYLE.search(value or ""):
                self.loads.append(value or "")


def external(folder: Path) -> Iterator[str]:
    """Whatever a browser would ask another host for, of its own accord."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".html":
            for asked in Page(path).loads:
                if urlsplit(asked).netloc or _STYLE.search(asked):
                    yield f"{path.name}: {asked}"
        if path.suffix in (".css", ".js", ".html", ".svg"):
            code = _code(path, path.read_text(encoding="utf-8"))
            yield from (f"{path.name}: {found[0]}" for found in _ASKS.finditer(code))


def _code(path: Path, text: str) -> str:
    """Styles and scripts; of a page, those within it."""
    if path.suffix not in (".html", ".svg"):
        return text
    return "\n".join("".join(found) for found in _WITHIN.findall(text))


def test_nothing_is_asked_of_another_host() -> None:
    assert list(SITE.rglob("*.js")), "build it first: tox run -e site"
    assert list(external(SITE)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script src="https://cdn.example/x.js"></script>'),
        ("a.html", '<link rel="stylesheet" href="//fonts.example/css">'),
        ("a.html", '<img src="http://tracker.example/p.gif">'),
        ("a.html", "<style>@import 'https://fonts.example/a.css'</style>"),
        ("a.html", "<script>fetch('https://stats.example')</script>"),
        ("a.html", '<p style="background: url(//a.example/b.png)">'),
        ("a.css", "body { background: url(https://a.example/b.png) }"),
        ("a.js", 'const script = document.createElement("script"); script.src = "https://a.example/b.js"'),
    ],
)
def test_what_would_be_asked_is_found(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert list(external(tmp_path))


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = {path.resolve(): Page(path) for path in SITE.rglob("*.html")}
    for path, page in pages.items():
        for link in page.links:
            url = urlsplit(link)
            if url.scheme or url.netloc:
                continue
            there = (path.parent / unquote(url.path)).resolve() if url.path else path
            assert there.is_file(), f"{path.name}: {link}"
            if url.fragment and there in pages:
                assert unquote(url.fragment) in pages[there].places | {""}, f"{path.name}: {link}"


def test_the_search_knows_the_documents() -> None:
    index = (SITE / "searchindex.js").read_text(encoding="utf-8")
    for document in ("docs/guides/launch-report", "docs/sdk", "docs/operations/watchdog", "README"):
        assert f'"{document}"' in index


def test_the_search_works_in_a_browser_without_a_network() -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        problem = "there is no Chromium on this machine to search with"
        if os.environ.get("CI"):
            pytest.fail(problem)
        pytest.skip(problem)
    page = f"{(SITE / 'search.html').as_uri()}?q=rollback"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", "--dump-dom"]
    options.append("--host-resolver-rules=MAP * ~NOTFOUND")
    done = subprocess.run([browser, *options, page], capture_output=True, text=True, timeout=120, check=False)
    assert re.search(r"found [1-9]\d* pages", done.stdout), done.stdout[-2000:] + done.stderr[-2000:]
