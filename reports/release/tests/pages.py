"""What a real browser makes of a report's page: an audit in every theme, and its print."""

from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

from pypdf import PdfReader

from harness.browser import Window, open_page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_SECONDS = 120.0
_OPEN_ALL = "document.querySelectorAll('details').forEach(row => row.open = true)"
_SHOW_ALL = "document.querySelectorAll('details.row').forEach(row => row.style.contentVisibility = 'visible')"


def violations(path: Path) -> list[str]:
    """What axe finds, closed and unfolded, in light and dark and on a telephone: `state: rule`."""
    found: list[str] = []
    source = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    with open_page(Window(), seconds=_SECONDS) as page:
        for theme, width in (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of two words
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path.absolute().as_uri())
            page.evaluate(_SHOW_ALL)  # an audit looks at what is not on the screen too
            page.evaluate(source)
            for state in ("closed", "unfolded") if (theme, width) == ("light", 1280) else ("unfolded",):
                page.evaluate(_OPEN_ALL if state == "unfolded" else "0")
                result: dict[str, Any] = page.evaluate(
                    "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", _TAGS
                )
                found += [f"{theme} {width} {state}: {rule['id']}" for rule in result["violations"]]
    return found


def printed(path: Path) -> tuple[str, ...]:
    """The text of each page of the PDF that Chromium prints, without its line breaks and ligatures."""
    with open_page(Window(), seconds=_SECONDS) as page:
        page.goto(path.absolute().as_uri())
        pdf = page.pdf(format="A4", prefer_css_page_size=True)
    texts = (normalize("NFKC", sheet.extract_text()) for sheet in PdfReader(BytesIO(pdf)).pages)
    return tuple(" ".join(text.split()) for text in texts)
