import shutil
from pathlib import Path

import pytest

from reference_service.commands.scratch import scratch_folder


def test_a_folder_is_kept_while_it_is_held_and_an_abandoned_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scratch_folder("metrics") as held:
        abandoned = shutil.copytree(held.parent, tmp_path / "metrics-abandoned")
        with scratch_folder("metrics") as other:
            assert other != held
            assert held.is_dir()
            assert not abandoned.exists()
    assert list(tmp_path.iterdir()) == []
