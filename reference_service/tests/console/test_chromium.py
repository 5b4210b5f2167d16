"""npm's Chromium, with an npm and a Node that are none: kept whole, or not at all."""

from pathlib import Path

import pytest

from reference_service.commands.node import Node
from reference_service.console.browser.chromium import NoChromiumError, npm_chromium

UNPACKS = 'printf whole > "$TMPDIR/chromium"; chmod +x "$TMPDIR/chromium"'
BREAKS_OFF = 'printf ha > "$TMPDIR/chromium"; chmod +x "$TMPDIR/chromium"; echo "disk full" >&2; exit 1'
UNPACKS_NOTHING = "true"


def a_node(folder: Path, unpack: str) -> Node:
    """An npm that installs without a word, and a Node that does this to unpack."""
    for name, does in (("npm", "true"), ("node", unpack)):
        (folder / name).write_text(f"#!/bin/sh\n{does}\n")
        (folder / name).chmod(0o755)
    return Node((str(folder / "npm"),), folder)


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    folder = tmp_path / "pinned"
    folder.mkdir()
    (folder / "package.json").write_text("{}")
    (folder / "package-lock.json").write_text("first")
    return folder


@pytest.mark.parametrize(("unpack", "why"), [(BREAKS_OFF, "disk full"), (UNPACKS_NOTHING, "no program")])
def test_what_was_not_unpacked_whole_is_not_taken_for_one(
    unpack: str, why: str, tmp_path: Path, pinned: Path
) -> None:
    cache = tmp_path / "cache"
    with pytest.raises(NoChromiumError, match=why):
        npm_chromium(cache, a_node(tmp_path, unpack), pinned)
    assert list(cache.iterdir()) == []
    assert npm_chromium(cache, a_node(tmp_path, UNPACKS), pinned).read_text() == "whole"


def test_it_is_kept_until_another_is_pinned(tmp_path: Path, pinned: Path) -> None:
    cache = tmp_path / "cache"
    first = npm_chromium(cache, a_node(tmp_path, UNPACKS), pinned)
    assert npm_chromium(cache, a_node(tmp_path, BREAKS_OFF), pinned) == first
    (pinned / "package-lock.json").write_text("second")
    other = UNPACKS.replace("whole", "newer")
    assert npm_chromium(cache, a_node(tmp_path, other), pinned).read_text() == "newer"
