"""Every guide, and the README, followed to the letter."""

import os
import shutil
from pathlib import Path

import pytest

from .following import reader
from .markdown import ROOT, blocks

GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))]


def require_what_it_calls(guide: Path) -> None:
    """A bare machine lacks what readers have; with CI=true nothing may be lacking."""
    code = " ".join(block.code for block in blocks(guide.read_text(encoding="utf-8")))
    missing = [name for name in ("curl", "git") if name in code.split() and shutil.which(name) is None]
    if missing:
        problem = f"{guide.name} needs {' and '.join(missing)}, which this machine has not got"
        if os.environ.get("CI"):
            pytest.fail(problem)
        pytest.skip(problem)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_it_can_be_followed(guide: Path, tmp_path: Path) -> None:
    require_what_it_calls(guide)
    with reader(tmp_path) as following:
        assert following.follow(guide.read_text(encoding="utf-8"), where=guide.name)


def test_what_lasts_says_when_it_ends() -> None:
    for guide in GUIDES:
        for block in blocks(guide.read_text(encoding="utf-8")):
            assert block.lasts or "launchkit serve" not in block.code, f"{guide.name}:{block.line}"
