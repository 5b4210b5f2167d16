"""Known issues and the rollback plan, as the checklist kept them."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from harness.cli import run as launchkit
from harness.evidence import Observation, Status
from reports import write_reports
from reports.notes import Note, notes_of
from reports.tests.journals import check, contract, load, read_run, write_run
from reports.tests.pages import parse
from reports.verify import Finding, verify_run
from reports.write import HTML

PLAN = b"# Rollback plan\n\n1. Say so. <b>& then</b>\n" + b"- one more step\n" * 100


def looked(requirement: str, status: Status = Status.PASS, **evidence: Any) -> Observation:
    return check(
        status,
        f"pre-launch/{requirement}",
        requirements=(requirement,),
        evidence={"kind": "file", **evidence},
    )


def keep(folder: Path, content: bytes = PLAN) -> dict[str, str]:
    (folder / "evidence").mkdir(parents=True)
    (folder / "evidence" / "plan.txt").write_bytes(content)
    return {"file": "evidence/plan.txt", "sha256": hashlib.sha256(PLAN).hexdigest()}


def test_the_page_holds_both_texts_and_verify_replays_them(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    kept = keep(folder)
    observations = [
        contract(),
        load(),
        looked("NOTE-01", output="none is known"),
        looked("NOTE-02", output="# Rollback …", whole_output=kept),
    ]
    write_reports(write_run(folder, observations))
    page = parse((folder / HTML).read_text(encoding="utf-8"))
    first, second = (note.text for note in page.all("pre", of_class="any"))
    assert first == "none is known"
    assert second == PLAN.decode()
    assert verify_run(folder).finding is Finding.SOUND
    (folder / kept["file"]).write_bytes(PLAN + b"and one that nobody rehearsed")
    assert verify_run(folder).finding is Finding.ALTERED


def test_a_merged_report_finds_the_text_in_the_run_that_kept_it(tmp_path: Path) -> None:
    kept = keep(tmp_path / "one")
    one = write_run(tmp_path / "one", [looked("NOTE-02", whole_output=kept)])
    two = write_run(tmp_path / "two", [contract(), load()])
    launchkit(["report", str(one), str(two), "--out", str(tmp_path / "both")])
    assert "Say so." in (tmp_path / "both" / HTML).read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["../secret.txt", "/etc/hostname", "evidence/none.txt", "\x00", ""])
def test_only_what_the_run_kept_is_shown(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "run"
    (tmp_path / "secret.txt").write_bytes(PLAN)
    whole = {"file": file, "sha256": hashlib.sha256(PLAN).hexdigest()}
    record = read_run(folder, [looked("NOTE-02", Status.ERROR, whole_output=whole)])
    note = notes_of(record, (folder,))[1]
    assert (note.text, note.status) == ("", "error")
    assert note.anchor


def test_a_kept_file_that_was_altered_is_not_shown(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    kept = keep(folder, b"something else")
    record = read_run(folder, [looked("NOTE-02", whole_output=kept)])
    assert notes_of(record, (folder,))[1].text == ""


def test_where_nobody_looked_it_says_so(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [contract(), load(), check(requirements=("NOTE-02",))])
    write_reports(folder)
    text = parse((folder / HTML).read_text(encoding="utf-8")).text
    assert text.count("No item of this run has looked for it.") == 2
    assert Note("Rollback plan").text == ""
