"""What changed since a baseline run, in values, on the page and under `verify`."""

import json
from pathlib import Path

import pytest

from harness.cli import run as launchkit
from harness.evidence import Observation, Status
from harness.journal import FILE_NAME
from reports.changes import compare
from reports.tests.journals import check, contract, load, read_run, write_run
from reports.tests.pages import parse
from reports.verify import Finding, verify_run
from reports.write import HTML, JSON, MARKDOWN

BEFORE = [
    contract(Status.PASS, "a/kept"),
    contract(Status.PASS, "a/broke"),
    contract(Status.FAIL, "a/mended"),
    contract(Status.PASS, "a/went"),
    load(Status.PASS, "search/p95", observed="100 ms"),
    load(Status.PASS, "search/errors", observed="0.50 %"),
    load(Status.PASS, "featured/p95", observed="40 ms"),
    check(Status.PENDING, "pre-launch/looked-at", evidence={"title": "Looked at"}),
]
AFTER = [
    contract(Status.PASS, "a/kept"),
    contract(Status.FAIL, "a/broke"),
    contract(Status.PASS, "a/mended"),
    contract(Status.FAIL, "a/new"),
    load(Status.PASS, "search/p95", observed="120 ms"),
    load(Status.PASS, "search/errors", observed="0.51 %"),
    load(Status.PASS, "featured/p95", observed="no answers"),
    check(Status.PASS, "pre-launch/looked-at", evidence={"title": "Looked at"}),
]


def test_each_item_moves_into_one_group(tmp_path: Path) -> None:
    changes = compare(read_run(tmp_path / "after", AFTER), read_run(tmp_path / "before", BEFORE))
    assert [move.title for move in changes.newly_failing] == ["a/broke", "a/new"]
    assert [move.before for move in changes.newly_failing] == ["pass", ""]
    assert [(move.title, move.before, move.after) for move in changes.fixed] == [("a/mended", "fail", "pass")]
    assert [(move.title, move.before, move.after) for move in changes.otherwise] == [
        ("Looked at", "pending", "pass")
    ]
    assert [move.title for move in changes.gone] == ["a/went"]
    assert changes.run == "before"


def test_numbers_move_by_a_share_and_only_within_the_same_words(tmp_path: Path) -> None:
    changes = compare(read_run(tmp_path / "after", AFTER), read_run(tmp_path / "before", BEFORE))
    assert [(move.title, move.before, move.after) for move in changes.numbers] == [
        ("search/p95", "100 ms", "120 ms")
    ]


@pytest.mark.parametrize("before", [Status.ERROR, Status.PENDING, Status.REHEARSED])
def test_only_what_failed_can_be_fixed(tmp_path: Path, before: Status) -> None:
    changes = compare(
        read_run(tmp_path / "after", [contract()]), read_run(tmp_path / "before", [contract(before)])
    )
    assert changes.fixed == ()
    assert len(changes.otherwise) == 1


def test_what_stopped_failing_without_passing_is_not_fixed(tmp_path: Path) -> None:
    changes = compare(
        read_run(tmp_path / "after", [contract(Status.ERROR)]),
        read_run(tmp_path / "before", [contract(Status.FAIL)]),
    )
    assert (changes.fixed, len(changes.otherwise)) == ((), 1)


def test_long_lists_are_bounded_and_counted(tmp_path: Path) -> None:
    many: list[Observation] = [contract(Status.FAIL, f"a/{number}") for number in range(100)]
    changes = compare(read_run(tmp_path / "after", many), read_run(tmp_path / "before", [load()]))
    assert (len(changes.newly_failing), changes.more) == (60, 40)


@pytest.fixture
def reported(tmp_path: Path) -> Path:
    """A report that tells what changed since a run beside it."""
    before, after = write_run(tmp_path / "before", BEFORE), write_run(tmp_path / "after", AFTER)
    assert launchkit(["report", str(after), "--baseline", str(before)]) == 1
    return after


def test_the_report_tells_it_and_verify_replays_it(reported: Path) -> None:
    page = parse((reported / HTML).read_text(encoding="utf-8"))
    headings = [heading.text.strip() for heading in page.all("h2")]
    assert headings.index("What changed") < headings.index("Phases and items")
    assert "100 ms → 120 ms" in page.text
    assert "1 fixed: `a/mended: fail → pass`" in (reported / MARKDOWN).read_text(encoding="utf-8")
    assert json.loads((reported / JSON).read_text(encoding="utf-8"))["changes"]["run"] == "before"
    assert verify_run(reported).finding is Finding.SOUND


def test_a_baseline_that_is_gone_or_another_is_not_called_sound(reported: Path) -> None:
    baseline = reported.parent / "before"
    (baseline / FILE_NAME).unlink()
    assert verify_run(reported).finding is Finding.UNDECIDED
    write_run(baseline, BEFORE[1:])
    assert verify_run(reported).finding is Finding.ALTERED


def test_changes_that_were_altered_are_found(reported: Path) -> None:
    path = reported / JSON
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"100 ms"', '"130 ms"'), encoding="utf-8")
    assert verify_run(reported).finding is Finding.ALTERED


def test_nothing_changed_says_so(tmp_path: Path) -> None:
    before, after = write_run(tmp_path / "before", BEFORE), write_run(tmp_path / "after", BEFORE)
    launchkit(["report", str(after), "--baseline", str(before)])
    page = parse((after / HTML).read_text(encoding="utf-8"))
    section = page.text.partition("What changed")[2].partition("Waivers")[0]
    assert "Nothing." in section
