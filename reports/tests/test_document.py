"""report.json against its published schema, and report.md."""

import json
from pathlib import Path

import jsonschema
import pytest

from harness.evidence import Observation, Status
from reports import write_reports
from reports.document import SCHEMA, schema
from reports.tests.journals import check, contract, load, load_result, step, write_load, write_run
from reports.write import JSON, JUNIT, MARKDOWN

MIXED = [
    contract(Status.FAIL, expected="150", observed="149", requirements=("API-05",)),
    contract(Status.FAIL, "a/b/c", message="it died"),
    load(Status.REHEARSED),
    check(Status.ERROR, "x/y"),
]


def test_the_published_schema_is_the_type() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json.loads(json.dumps(schema()))


@pytest.mark.parametrize("rehearsal", [False, True])
@pytest.mark.parametrize("observations", [[], MIXED, [contract(), load(), check()]])
def test_every_report_is_valid(tmp_path: Path, observations: list[Observation], rehearsal: bool) -> None:
    folder = tmp_path / "run"
    write_load(folder, load_result())
    write_run(folder, observations, rehearsal=rehearsal, phases=(step("contract", 0),))
    verdict = write_reports(folder)
    document = json.loads((folder / JSON).read_text(encoding="utf-8"))
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert document["verdict"]["word"] == verdict.word
    assert document["verdict"]["exit_code"] == verdict.exit_code
    assert len(document["verdict"]["coverage"]) == 128
    assert [load["scenario"] for load in document["loads"]] == ["search"]


def test_the_same_journal_makes_the_same_files(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", MIXED)
    write_reports(folder)
    first = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    write_reports(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == first


def test_counts_are_by_part_and_status(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", MIXED)
    write_reports(folder)
    document = json.loads((folder / JSON).read_text(encoding="utf-8"))
    assert document["counts"] == [
        {"part": "contract", "statuses": {"fail": 2}},
        {"part": "load", "statuses": {"rehearsed": 1}},
        {"part": "checklist", "statuses": {"error": 1}},
    ]
    junit = (folder / JUNIT).read_text(encoding="utf-8")
    assert junit.count("<testcase") == 4
    assert "launchkit launch.contract" in junit


def test_markdown_is_short_and_says_what_to_do(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", MIXED, rehearsal=True)
    write_reports(folder)
    text = (folder / MARKDOWN).read_text(encoding="utf-8")
    assert text.startswith("## ❌ REHEARSAL FAILED\n")
    for said in (
        "A rehearsal: it says nothing about a release.",
        "### What stops the launch: 2",
        "expected `150`, observed `149`",
        "`it died`",
        "Run it in full length against the release.",
        "| contract | 2 fail |",
        "commit `3f2a91c0`",
    ):
        assert said in text
    assert len(text.splitlines()) < 40


def test_markdown_of_many_findings_stays_short(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [contract(Status.FAIL, f"a/b/{n}") for n in range(50)], subject=None)
    write_reports(folder)
    text = (folder / MARKDOWN).read_text(encoding="utf-8")
    assert "and 40 more, in report.html" in text
    assert "Target: not on record." in text


def test_the_summary_tells_one_cause_once(tmp_path: Path) -> None:
    observations = [check(Status.FAIL, f"a/{n}", message="no database answers") for n in range(70)]
    folder = write_run(tmp_path / "run", observations)
    write_reports(folder)
    markdown = (folder / MARKDOWN).read_text(encoding="utf-8")
    assert "- **fail** `a/0` and 69 more: `no database answers`" in markdown
    assert markdown.count("no database answers") == 1
