"""Every guide, and the README, followed to the letter."""

from pathlib import Path

import pytest

from .following import reader
from .markdown import ROOT, blocks

GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_it_can_be_followed(guide: Path, tmp_path: Path) -> None:
    with reader(tmp_path) as following:
        assert following.follow(guide.read_text(encoding="utf-8"), where=guide.name)


def test_what_lasts_says_when_it_ends() -> None:
    for guide in GUIDES:
        for block in blocks(guide.read_text(encoding="utf-8")):
            assert block.lasts or "launchkit serve" not in block.code, f"{guide.name}:{block.line}"
