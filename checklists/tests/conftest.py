from pathlib import Path

import pytest

from checklists.tests.support import COMMIT, make_target
from harness.target import Target


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return make_target(tmp_path, release={"name": "1.0", "commit": COMMIT})


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / "20260101T000000Z-own"
    folder.mkdir(parents=True)
    return folder
