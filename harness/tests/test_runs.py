"""Run folders: one a run, never two in one, old ones pruned, none that is in use."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.errors import UsageError
from harness.load_result import Mode
from harness.runs import ATTESTATION, RunFolder, is_held, prune
from harness.tests.waiting import SOON, eventually
from reports.tests.journals import load_result, write_load, write_run

HOLDER = """
import sys, time
from pathlib import Path
from harness.load_result import Mode
from harness.runs import ATTESTATION, RunFolder
with RunFolder.create(Path(sys.argv[1]), keep=1, run_id=sys.argv[2]):
    print("held", flush=True)
    time.sleep(600)
"""


def _make(runs: Path, *names: str) -> None:
    for name in names:
        with RunFolder.create(runs, keep=100, run_id=name):
            pass


def test_a_folder_has_a_name_of_its_own_and_is_held(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path, keep=10) as one, RunFolder.create(tmp_path, keep=10) as other:
        assert one.path != other.path
        assert one.path.is_absolute()
        assert one.id == one.path.name
        assert is_held(one.path)
    assert not is_held(one.path)
    assert not is_held(tmp_path / "no such run")


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    _make(tmp_path, "mine")
    with pytest.raises(UsageError, match="mine exists already"):
        RunFolder.create(tmp_path, keep=10, run_id="mine")
    assert (tmp_path / "mine").is_dir()


@pytest.mark.parametrize("below", ["file", "file/runs"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="not writable") as caught:
        RunFolder.create(tmp_path / below, keep=10)
    assert "LAUNCHKIT_RUNS_DIR" in caught.value.hint


def test_the_newest_are_kept_whatever_their_names(tmp_path: Path) -> None:
    _make(tmp_path, "z", "b", "y")
    with RunFolder.create(tmp_path, keep=2, run_id="a"):
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "y"]


def test_what_is_not_a_run_is_never_removed(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "precious").touch()
    _make(tmp_path, "a", "b")
    prune(tmp_path, keep=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "notes"]


def _load_run(runs: Path, name: str, *, scenario: str = "search", at: int = 1, **changes: Any) -> None:
    """A run with one load result, made later than those before it."""
    rehearsal, mode = changes.get("rehearsal", False), changes.get("mode", Mode.FULL)
    with RunFolder.create(runs, keep=100, run_id=name) as folder:
        write_run(folder.path, [], rehearsal=rehearsal)
        started = datetime(2026, 1, at, tzinfo=UTC)
        write_load(folder.path, msgspec.structs.replace(load_result(scenario, mode=mode), started_at=started))


def test_what_a_release_needs_is_never_removed(tmp_path: Path) -> None:
    _load_run(tmp_path, "search-old", at=1)
    _load_run(tmp_path, "search", at=2)
    _load_run(tmp_path, "soak", scenario="soak", at=1)
    _load_run(tmp_path, "shortened", scenario="spike", mode=Mode.REHEARSAL)
    _load_run(tmp_path, "rehearsal", scenario="featured", rehearsal=True)
    _make(tmp_path, "attested", "torn", "plain", "zz-newest")
    (tmp_path / "attested" / ATTESTATION).touch()
    (tmp_path / "torn" / "load").mkdir()
    (tmp_path / "torn" / "load" / "search.json").write_text("{")
    prune(tmp_path, keep=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["attested", "search", "soak", "zz-newest"]


def test_a_run_in_use_is_kept_until_its_process_is_gone(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path), "held"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with RunFolder.create(tmp_path, keep=1):
            assert is_held(tmp_path / "held")
    finally:
        holder.kill()
        holder.communicate(timeout=SOON)
    eventually(lambda: not is_held(tmp_path / "held"), lambda: "still held")
    with RunFolder.create(tmp_path, keep=1) as folder:
        assert list(tmp_path.iterdir()) == [folder.path]


def test_launches_at_once_do_not_prune_each_other(tmp_path: Path) -> None:
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path), f"run-{number}"], stdout=subprocess.PIPE, text=True
        )
        for number in range(4)
    ]
    try:
        for holder in holders:
            assert holder.stdout
            assert holder.stdout.readline() == "held\n"
        assert len(list(tmp_path.iterdir())) == 4
    finally:
        for holder in holders:
            holder.kill()
            holder.communicate(timeout=SOON)
