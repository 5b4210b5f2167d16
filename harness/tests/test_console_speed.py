"""Measuring a console that is none: what did not happen has no speed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from checklists.tests.support import Reply, serving
from harness.commands.console_speed import Speed, measure
from harness.errors import CouldNotDecideError

pytestmark = pytest.mark.usefixtures("chromium")

PAGE = """<!doctype html><html lang="en"><head><title>Marketplace</title><link rel="icon" href="data:,">
<style>li {height: 60px}</style></head><body><div id="root"><main>
<input role="combobox" aria-label="Search vendors" READONLY><p role="status"></p><ul></ul></main></div>
<script>
const asked = Number(new URLSearchParams(location.search).get("shown") ?? 20);
const told = text => { document.querySelector("p").textContent = text; };
told(`${Math.min(asked, LISTED).toLocaleString("en-US")} of 12,000 vendors`);
for (let at = 0; at < 40; at += 1) {
  const row = document.createElement("li");
  row.ariaSetSize = "12000";
  row.innerHTML = "<article>A vendor</article>";
  document.querySelector("ul").append(row);
}
document.querySelector("ul").style.height = "90000px";
document.querySelector("input").addEventListener("input", () => { SEARCHES });
</script></body></html>"""
SEARCHES = "told('3 of 7 vendors')"
PATIENCE = 10.0


@contextmanager
def a_console(*, listed: int = 10_000, searches: str = SEARCHES, readonly: str = "") -> Iterator[str]:
    text = PAGE.replace("LISTED", str(listed)).replace("SEARCHES", searches).replace("READONLY", readonly)
    with serving(Reply(body=text.encode())) as server:
        yield server.url


def test_what_happens_is_measured() -> None:
    with a_console() as url:
        speed = measure(url, 10_000, seconds=30)
    assert isinstance(speed, Speed)
    assert (speed.cards, speed.loaded) == (40, 10_000)
    assert speed.frames_a_second > 0
    assert speed.still_frames_a_second > 0
    assert speed.bundle_kb == pytest.approx(len(PAGE) / 1000, rel=0.1)


def test_fewer_vendors_than_are_to_be_loaded_decide_nothing() -> None:
    with a_console(listed=9_607) as url, pytest.raises(CouldNotDecideError, match="did not come to it"):
        measure(url, 10_000, seconds=PATIENCE)


def test_a_field_that_takes_nothing_has_no_speed() -> None:
    with a_console(readonly="readonly") as url, pytest.raises(CouldNotDecideError, match="has '' where"):
        measure(url, 10_000, seconds=PATIENCE)


def test_typing_that_searches_for_nothing_has_no_speed() -> None:
    with a_console(searches="") as url, pytest.raises(CouldNotDecideError, match="did not come to it"):
        measure(url, 10_000, seconds=PATIENCE)
