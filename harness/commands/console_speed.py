"""How fast a console is for a person: measured inside the page, on a processor that is slowed down."""

import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.browser import Window, open_page, slow_down
from harness.console_page import OURS, read_console_page
from harness.errors import CouldNotDecideError

if TYPE_CHECKING:
    from playwright.sync_api import Page

SLOWED = 4.0
_STEP_SECONDS = 180.0
_WINDOW = Window(width=1440, height=900)
_TYPED = "weather api"
_KEY_MS = 120.0  # between two keys, as a fast typist
_SCROLL_PIXELS = 4_000  # at each of these places, in shares of the whole list
_PLACES = (0.0, 0.5, 1.0)
_SCROLL_PIXELS_A_SECOND = 3_000
# Found by CSS while it is measured: to look for roles would keep the page itself busy.
_COUNT = "main [role=status]"

# Before the page's own scripts: when its first card was painted.
_NOTE_FIRST_CARD = """
new MutationObserver((_, observer) => {
  if (!document.querySelector("article")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.firstCard = performance.now(); }));
}).observe(document, {childList: true, subtree: true});
"""
_NOTE_TASKS = """
window.tasks = [];
window.watcher = new PerformanceObserver(list =>
  window.tasks.push(...list.getEntries().map(({entryType, duration, startTime, processingEnd}) =>
    entryType === "longtask" ? duration : processingEnd - startTime)));
window.watcher.observe({type: "longtask"});
window.watcher.observe({type: "event", durationThreshold: 16});
"""
# Frames in which the page's own scripts got their turn: one that came too late has no other.
_COUNT_FRAMES = """
window.seen = {frames: [], moved: [], cards: 0};
const count = () => {
  window.seen.frames.push(performance.now());
  window.seen.cards = Math.max(window.seen.cards, document.getElementsByTagName("article").length);
  window.counting = requestAnimationFrame(count);
};
requestAnimationFrame(count);
document.addEventListener("scroll", () => window.seen.moved.push(performance.now()), {passive: true});
"""
_FRAMES_COUNTED = "cancelAnimationFrame(window.counting); window.seen"
# The cards at the list's beginning, as often as it takes to fill what is scrolled through.
_FILL = """
pixels => {
  const rows = [...document.querySelectorAll("[aria-setsize]")];
  const height = rows[1].offsetTop - rows[0].offsetTop;
  for (let at = rows.length; at * height < pixels; at += 1) {
    const row = rows[at % rows.length].cloneNode(true);
    row.style.top = `${at * height}px`;
    rows[0].parentElement.append(row);
  }
}
"""
_JUMP = """
([place, pixels]) => {
  const room = document.documentElement.scrollHeight - window.innerHeight - pixels;
  window.scrollTo(0, Math.max(0, room * place));
  return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}
"""
_STYLES = "[...document.querySelectorAll('link[rel=stylesheet]')].map(({href}) => href)"


@dataclass(frozen=True, slots=True)
class Speed:
    """Kilobytes on the wire, seconds, milliseconds; `cards` is the most that were in the document.

    `still`: of a page that looks alike and has no scripts, on the same processor: what this machine can do.
    """

    bundle_kb: float
    first_results: float
    longest_block: float
    frames_a_second: float
    still_frames_a_second: float
    cards: int
    loaded: int


def measure(console_url: str, vendors: int, *, seconds: float = _STEP_SECONDS) -> Speed:
    """Open the console anew for each figure; each step may take so long.

    Raises NoBrowserError, and CouldNotDecideError where the console did not do what is measured.
    """
    bundle, first = _first_results(console_url, seconds)
    with open_page(_WINDOW, seconds=seconds) as page:
        _load(page, console_url, vendors, seconds)
        slow_down(page, SLOWED)
        frames, cards = _scroll(page)
        block = _type(page, seconds)
        still = _scroll_still(page, console_url, seconds)
    return Speed(
        bundle_kb=bundle,
        first_results=first,
        longest_block=block,
        frames_a_second=frames,
        still_frames_a_second=still,
        cards=cards,
        loaded=vendors,
    )


def _first_results(url: str, seconds: float) -> tuple[float, float]:
    with open_page(_WINDOW, seconds=seconds) as page:
        page.add_init_script(_NOTE_FIRST_CARD)
        slow_down(page, SLOWED)
        page.goto(url)
        _until(page, seconds, "window.firstCard !== undefined")
        sizes = page.evaluate(
            "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
            ".filter(({initiatorType}) => ['navigation', 'script', 'link'].includes(initiatorType))"
            ".map(({encodedBodySize}) => encodedBodySize)"
        )
        return sum(sizes) / 1000, page.evaluate("window.firstCard") / 1000


def _load(page: "Page", url: str, vendors: int, seconds: float) -> None:
    """Show so many vendors."""
    page.goto(f"{url}?shown={vendors}")
    _until_told(page, seconds, rf"/^{vendors:,}\b/.test(said)")


def _until(page: "Page", seconds: float, holds: str) -> None:
    """Ask until it holds; the page's policy lets nothing wait inside it. Raises CouldNotDecideError."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(holds):
        if time.monotonic() > deadline:
            raise CouldNotDecideError(f"the console did not come to it within {seconds:g} s: {holds}")
        page.wait_for_timeout(100)


def _until_told(page: "Page", seconds: float, holds: str) -> None:
    """Until the count of vendors, as `said`, is such. Raises CouldNotDecideError."""
    said = f"document.querySelector({json.dumps(_COUNT)})?.textContent ?? ''"
    _until(page, seconds, f"(said => {holds})({said})")


def _scroll(page: "Page") -> tuple[float, int]:
    """Frames a second that the page's own scripts get while a finger moves it, and the most cards."""
    measured = [_scroll_from(page, place) for place in _PLACES]
    return statistics.fmean(frames for frames, _ in measured), max(cards for _, cards in measured)


def _scroll_from(page: "Page", place: float) -> tuple[float, int]:
    session = page.context.new_cdp_session(page)
    page.evaluate(_JUMP, [place, _SCROLL_PIXELS])
    page.evaluate(_COUNT_FRAMES)
    session.send(
        "Input.synthesizeScrollGesture",
        {
            "x": _WINDOW.width // 2,
            "y": _WINDOW.height // 2,
            "yDistance": -_SCROLL_PIXELS,
            "speed": _SCROLL_PIXELS_A_SECOND,
        },
    )
    seen: dict[str, Any] = page.evaluate(_FRAMES_COUNTED)
    return frames_a_second(seen["frames"], seen["moved"]), seen["cards"]


def frames_a_second(frames: Sequence[float], moved: Sequence[float]) -> float:
    """Frames at these moments, in ms, while it moved. Raises CouldNotDecideError where it did not."""
    if len(moved) < 2:
        raise CouldNotDecideError("the console did not scroll")
    counted = sum(moved[0] <= at < moved[-1] for at in frames)
    return counted * 1000 / (moved[-1] - moved[0])


def _scroll_still(page: "Page", url: str, seconds: float) -> float:
    """The same for a page that looks like the console's beginning, and has no scripts of its own."""
    page.goto(url)
    _until(page, seconds, "window.document.querySelectorAll('[aria-setsize]').length > 1")
    styles = "".join(f'<link rel="stylesheet" href="{href}">' for href in page.evaluate(_STYLES))
    body = page.evaluate("document.getElementById('root').outerHTML")
    page.goto("about:blank")
    page.set_content(f"<!doctype html><head>{styles}</head><body>{body}</body>")
    page.evaluate(_FILL, len(_PLACES) * _SCROLL_PIXELS + _WINDOW.height)
    return _scroll(page)[0]


def _type(page: "Page", seconds: float) -> float:
    """The longest that the page was busy with one thing while a search was typed and answered, in ms."""
    page.evaluate("window.scrollTo(0, 0)")
    field = read_console_page(OURS).search.locate(page)
    before = page.locator(_COUNT).inner_text()
    field.focus()
    page.wait_for_timeout(500)
    page.evaluate(_NOTE_TASKS)
    page.keyboard.type(_TYPED, delay=_KEY_MS)
    if (text := field.input_value()) != _TYPED:
        raise CouldNotDecideError(f"the console's search field has {text!r} where {_TYPED!r} was typed")
    _until_told(page, seconds, f"said !== {json.dumps(before)} && /\\d|^No /.test(said)")
    page.wait_for_timeout(1000)  # its cards are drawn, and what was long is noted
    return float(page.evaluate("Math.max(0, ...window.tasks)"))
