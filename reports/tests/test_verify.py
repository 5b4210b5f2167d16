"""Whatever is altered after the run is found; what cannot be compared is not called sound."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cli import run as launchkit
from harness.evidence import Status
from harness.journal import FILE_NAME
from reports import write_reports
from reports.tests.journals import check, contract, load, load_result, write_load, write_run
from reports.verify import Finding, verify_run
from reports.write import HTML, JSON, JUNIT, MARKDOWN

PROOF = b"the whole body"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    write_load(folder, load_result())
    (folder / "evidence").mkdir()
    (folder / "evidence" / "body.txt").write_bytes(PROOF)
    kept = {"file": "evidence/body.txt", "sha256": hashlib.sha256(PROOF).hexdigest()}
    observations = [contract(Status.FAIL), load(), check(evidence={"attempts": [{"kept": kept}]})]
    write_run(folder, observations)
    write_reports(folder)
    return folder


def found(folder: Path) -> tuple[Finding, int]:
    result = verify_run(folder)
    return result.finding, result.exit_code


def test_an_untouched_run_is_sound(run: Path) -> None:
    assert found(run) == (Finding.SOUND, 0)
    assert {check.what for check in verify_run(run).checks} == {
        FILE_NAME,
        "chain of hashes",
        "evidence files",
        "verdict",
        JSON,
        HTML,
        MARKDOWN,
        JUNIT,
    }


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def alter(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return alter


def drop_line(number: int) -> Callable[[Path], None]:
    def alter(folder: Path) -> None:
        path = folder / FILE_NAME
        lines = path.read_bytes().splitlines(keepends=True)
        del lines[number]
        path.write_bytes(b"".join(lines))

    return alter


def flip_and_recount(folder: Path) -> None:
    """Turn the failure into a pass and mend the chain: only the report still knows."""
    path = folder / FILE_NAME
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace('"status":"fail"', '"status":"pass"')
    for number in range(1, len(lines)):
        line = json.loads(lines[number])
        line["prev"] = hashlib.sha256(lines[number - 1].encode()).hexdigest()
        lines[number] = json.dumps(line, separators=(",", ":"), ensure_ascii=False)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def swap_digest(folder: Path) -> None:
    """Name the mended journal in the report as well: then the verdict differs."""
    flip_and_recount(folder)
    report = json.loads((folder / JSON).read_text(encoding="utf-8"))
    report["run"]["digest"] = hashlib.sha256((folder / FILE_NAME).read_bytes()).hexdigest()
    (folder / JSON).write_text(json.dumps(report), encoding="utf-8")


@pytest.mark.parametrize(
    "alter",
    [
        replace(FILE_NAME, '"status":"fail"', '"status":"pass"'),
        replace(FILE_NAME, '"seed":7', '"seed":8'),
        replace(FILE_NAME, '"outcome":"complete"', '"outcome":"Complete"'),
        drop_line(1),
        drop_line(-1),
        flip_and_recount,
        swap_digest,
        replace(JSON, '"NO-GO"', '"GO"'),
        replace(JSON, '"exit_code": 1', '"exit_code": 0'),
        replace(JSON, '"seed": 7', '"seed": 8'),
        replace(JSON, '"format": 1', '"format": "one"'),
        replace(HTML, "NO-GO", "GO"),
        replace(MARKDOWN, "NO-GO", "GO"),
        replace(JUNIT, "failure", "skipped"),
        replace("evidence/body.txt", "whole", "wrong"),
        lambda folder: (folder / "evidence" / "body.txt").unlink(),
        replace("load/search.json", "450.0", "150.0"),
        replace("load/search.json", "31 ms", "30 ms"),
    ],
)
def test_an_alteration_is_found(run: Path, alter: Callable[[Path], None]) -> None:
    alter(run)
    assert found(run) == (Finding.ALTERED, 1)


@pytest.mark.parametrize("name", [JSON, HTML, FILE_NAME])
def test_what_is_missing_leaves_it_undecided(run: Path, name: str) -> None:
    (run / name).unlink()
    assert found(run) == (Finding.UNDECIDED, 3)


def test_without_a_report_a_broken_chain_is_still_found(run: Path) -> None:
    (run / JSON).unlink()
    replace(FILE_NAME, '"status":"fail"', '"status":"pass"')(run)
    assert found(run) == (Finding.ALTERED, 1)


def test_without_a_report_a_run_without_footer_is_undecided(run: Path) -> None:
    (run / JSON).unlink()
    drop_line(-1)(run)
    assert found(run) == (Finding.UNDECIDED, 3)


@pytest.mark.parametrize("file", ["../outside.txt", "/etc/hostname", "evidence/none.txt", "a\0b"])
def test_evidence_outside_the_run_or_absent_is_found(tmp_path: Path, file: str) -> None:
    (tmp_path / "outside.txt").write_bytes(PROOF)
    kept = {"file": file, "sha256": hashlib.sha256(PROOF).hexdigest()}
    folder = write_run(tmp_path / "run", [check(evidence=kept)])
    write_reports(folder)
    assert found(folder) == (Finding.ALTERED, 1)


def test_a_verdict_of_other_rules_is_not_called_altered(run: Path) -> None:
    report = json.loads((run / JSON).read_text(encoding="utf-8"))
    report["run"]["rules"] = "0" * 64
    report["verdict"]["sentence"] = "An older version said it so."
    (run / JSON).write_text(json.dumps(report), encoding="utf-8")
    assert found(run) == (Finding.UNDECIDED, 3)


def test_the_command_prints_and_exits(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert launchkit(["verify", str(run)]) == 0
    assert "run: sound" in capsys.readouterr().out
    replace(HTML, "NO-GO", "GO")(run)
    assert launchkit(["verify", str(run), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["finding"], document["exit_code"]) == ("altered", 1)


def test_a_folder_that_is_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert launchkit(["verify", str(tmp_path / "none")]) == 3
    assert "cannot be read" in capsys.readouterr().out
