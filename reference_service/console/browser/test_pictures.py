"""The user guide's pictures, and of which sources they are."""

from pathlib import Path

import pytest

from reference_service.commands.console_builder import sources_digest
from reference_service.console.browser.conftest import CONSOLE
from reference_service.console.browser.page_model import ConsolePage
from reference_service.console.browser.states import show_details, show_list

TAKEN_OF = "console.sources"
_PICTURES = (
    ("console.png", show_list, "dark", 1440, 900),
    ("console-details.png", show_details, "light", 1440, 900),
    ("console-mobile.png", show_list, "light", 390, 844),
)


def test_the_pictures_can_be_taken(
    console: ConsolePage, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    folder: Path = request.config.getoption("--screenshots") or tmp_path
    page = console.page
    for name, show, theme, width, height in _PICTURES:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # a literal
        show(console)
        page.mouse.move(0, 0)
        page.screenshot(path=folder / name)
    (folder / TAKEN_OF).write_text(f"{sources_digest(CONSOLE)}\n")
