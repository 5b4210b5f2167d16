"""The HTML page: one file, nothing fetched, nothing that runs."""

import re
from functools import cache
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from harness.journal import Record
from harness.load_result import LoadResult, Mode
from reports.document import Report
from reports.exhibits import Exhibits
from reports.page import make_page
from reports.shapes import BAD, GOOD, LOADS, MUTED, OPEN, REHEARSED, WARN, Look
from reports.text import line, shown

TEMPLATES = Path(__file__).with_name("templates")
_LONGEST = 2000  # characters of any one value; a second guard behind the page's own bounds
_CLIPPED = 200
_GLANCE = 110  # in a closed row; the open one has it whole
_LOOKS = MappingProxyType(
    {
        "good": GOOD,
        "bad": BAD,
        "open": OPEN,
        "muted": MUTED,
        "waivers": {"used": WARN, "void": BAD, "stale": MUTED},
    }
)


def render_html(report: Report, record: Record, exhibits: Exhibits) -> str:
    """The report as one HTML document; every value is data, bounded and escaped."""
    template = _environment().get_template("report.html.jinja")
    style = Markup(_style())  # noqa: S704 - our own file  # nosec B704
    return template.render(page=make_page(report, record, exhibits), notes=exhibits.notes, style=style)


def _style() -> str:
    """The style sheet without its comments and most of its white space."""
    text = re.sub(r"/\*.*?\*/", "", (TEMPLATES / "style.css").read_text(encoding="utf-8"))
    lines = "".join(part.strip() + "\n" for part in text.splitlines() if part.strip())
    return re.sub(r" ?([{};]) ?", r"\1", lines)


@cache  # compiling the templates takes longer than filling them
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )
    environment.filters["clip"] = lambda text: line(text, _CLIPPED)
    environment.filters["glance"] = lambda text: line(text, _GLANCE)
    environment.globals.update(
        load_look=_load_look, load_word=_load_word, whole=escape, as_text=_as_text, looks=_LOOKS
    )
    return environment


def _as_text(text: str) -> Markup:
    """Escaped for the inside of an element, where quotes are only signs: evidence is full of them."""
    return Markup(str(escape(text)).replace("&#34;", '"').replace("&#39;", "'"))  # noqa: S704 - escaped  # nosec B704


def _finalize(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return shown(value, _LONGEST)
    return value


def _load_look(load: LoadResult) -> Look:
    """Only a run in full length may be drawn green."""
    look = LOADS[str(load.verdict)]
    return REHEARSED if load.mode is not Mode.FULL and load.verdict == "PASS" else look


def _load_word(load: LoadResult) -> str:
    if _load_look(load) is not REHEARSED:
        return str(load.verdict).lower()
    return "held, in rehearsal" if load.mode is Mode.REHEARSAL else "held, in a run of its own measure"
