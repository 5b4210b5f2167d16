"""The probe that reads what a load run measured, in this run or an earlier one."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checklists.keeping import Keeper
from checklists.observing import observe
from checklists.tests.runs import begin, status_of, subject
from checklists.tests.support import make_checklist, make_executor
from harness.evidence import Status
from harness.journal import FILE_NAME, Subject
from harness.load_result import (
    CriterionOutcome,
    Generator,
    Group,
    Lateness,
    LoadResult,
    LoadVerdict,
    Mode,
    Percentiles,
)
from harness.target import Target
from loadtests.command import recorded


def load_result(judged: Target, **changes: Any) -> LoadResult:
    latency = Percentiles(p50=20, p90=90, p95=120, p99=180, p999=190, max=200, mean=30)
    group = Group(
        endpoint="all",
        phase="all",
        asked=1000,
        count=1000,
        errors=0,
        statuses={"200": 1000},
        failures={},
        latency=latency,
        service=latency,
    )
    values: dict[str, Any] = {
        "scenario": "search",
        "title": "Search",
        "mode": Mode.FULL,
        "target": subject(judged),
        "started_at": datetime(2026, 1, 1, tzinfo=UTC),
        "seconds": 300.0,
        "seed": 1,
        "arrivals": "constant",
        "stages": (),
        "timeline": (),
        "groups": (group,),
        "lateness": Lateness(starts=1000, limit_ms=50, late=0, p50=0, p99=1, max=2),
        "generator": Generator(identities=10, connections=10, cpu_seconds=1, cpu_ms_a_request=1),
        "verdict": LoadVerdict.PASS,
    }
    return LoadResult(**{**values, **changes})


def leave(folder: Path, result: LoadResult) -> Path:
    path = folder / "load" / f"{result.scenario}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(result))
    return path


def leave_run(folder: Path, *results: LoadResult, outcome: str = "complete") -> None:
    """A whole run, whose journal has what the load command writes about each result."""
    journal = begin(folder, results[0].target)
    for result in results:
        leave(folder, result)
        journal.observe(recorded(result, (), folder))
    journal.finish(outcome=outcome, seconds=1.0)


LOAD = "load: search\nexpect: [p95 < 200ms, error_rate < 0.1%, server_errors = 0, verdict = pass]"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, Status.PASS),
        ({"mode": Mode.REHEARSAL}, Status.REHEARSED),
        ({"mode": Mode.CUSTOM}, Status.REHEARSED),
        ({"partial": "interrupted"}, Status.REHEARSED),
        ({"verdict": LoadVerdict.FAIL}, Status.FAIL),
        ({"verdict": LoadVerdict.UNDECIDED}, Status.ERROR),
        ({"verdict": LoadVerdict.INVALID}, Status.ERROR),
        ({"groups": ()}, Status.ERROR),
        ({"scenario": "soak"}, Status.ERROR),
    ],
)
def test_load_results_of_this_run(
    tmp_path: Path, run_folder: Path, target: Target, changes: dict[str, Any], status: Status
) -> None:
    leave(run_folder, load_result(target, **changes))
    assert status_of(tmp_path, run_folder, target, LOAD)[0] is status


@pytest.mark.parametrize(
    ("criteria", "status"),
    [
        ((Status.PASS, Status.PASS), Status.PASS),
        ((Status.PASS, Status.FAIL), Status.FAIL),
        ((Status.PASS, Status.UNDECIDED), Status.ERROR),
        ((Status.FAIL, Status.UNDECIDED), Status.FAIL),
        ((), Status.ERROR),
    ],
)
def test_a_criterion_that_is_undecided_did_not_hold(
    tmp_path: Path, run_folder: Path, target: Target, criteria: tuple[Status, ...], status: Status
) -> None:
    decided = tuple(
        CriterionOutcome(id=f"search/{n}", requirements=(), expected="", observed="", status=found)
        for n, found in enumerate(criteria)
    )
    leave(run_folder, load_result(target, criteria=decided))
    keys = "load: search\nexpect: criteria_failed = 0"
    assert status_of(tmp_path, run_folder, target, keys)[0] is status


def test_a_slow_run_fails_by_its_percentile(tmp_path: Path, run_folder: Path, target: Target) -> None:
    leave(run_folder, load_result(target))
    status, message = status_of(tmp_path, run_folder, target, "load: search\nexpect: p95 < 100ms")
    assert (status, message) == (Status.FAIL, "expected p95 < 100ms, but p95 = 120ms")


def test_errors_and_server_errors_are_counted(tmp_path: Path, run_folder: Path, target: Target) -> None:
    result = load_result(target)
    group = msgspec.structs.replace(result.groups[0], errors=2, statuses={"200": 998, "503": 2})
    leave(run_folder, msgspec.structs.replace(result, groups=(group,)))
    status, message = status_of(tmp_path, run_folder, target, LOAD)
    assert status is Status.FAIL
    assert "error_rate = 0.2%" in message
    assert "server_errors = 2" in message


def test_a_full_run_of_the_same_release_outweighs_a_rehearsal(
    tmp_path: Path, run_folder: Path, target: Target
) -> None:
    leave(run_folder, load_result(target, mode=Mode.REHEARSAL))
    leave_run(run_folder.with_name("2025-old"), load_result(target))
    assert status_of(tmp_path, run_folder, target, LOAD)[0] is Status.PASS


@pytest.mark.parametrize(
    "changes", [{"mode": Mode.REHEARSAL}, {"target": Subject(name="x", base_url="y", profile_digest="z")}]
)
def test_of_other_runs_only_a_full_one_of_the_same_release_counts(
    tmp_path: Path, run_folder: Path, target: Target, changes: dict[str, Any]
) -> None:
    leave_run(run_folder.with_name("2025-old"), load_result(target, **changes))
    assert status_of(tmp_path, run_folder, target, LOAD)[0] is Status.ERROR


def test_the_newest_full_run_counts(tmp_path: Path, run_folder: Path, target: Target) -> None:
    old = load_result(target)
    leave_run(run_folder.with_name("2024"), old)
    later = old.started_at + timedelta(days=1)
    leave_run(run_folder.with_name("2025"), load_result(target, started_at=later, verdict=LoadVerdict.FAIL))
    assert status_of(tmp_path, run_folder, target, LOAD)[0] is Status.FAIL


def without_journal(folder: Path) -> None:
    (folder / FILE_NAME).unlink()


def edited(folder: Path) -> None:
    path = folder / "load" / "search.json"
    path.write_text(path.read_text().replace('"p95":120', '"p95":110'))


def edited_with_its_journal(folder: Path) -> None:
    edited(folder)
    digest = hashlib.sha256((folder / "load" / "search.json").read_bytes()).hexdigest()
    journal = folder / FILE_NAME
    journal.write_text(re.sub(r'"sha256":"[0-9a-f]{64}"', f'"sha256":"{digest}"', journal.read_text()))


def torn(folder: Path) -> None:
    (folder / "load" / "search.json").write_text("{")


def lost(folder: Path) -> None:
    (folder / "load" / "search.json").unlink()


@pytest.mark.parametrize("harm", [without_journal, edited, edited_with_its_journal, torn, lost])
def test_a_result_that_its_runs_journal_does_not_vouch_for_says_nothing(
    tmp_path: Path, run_folder: Path, target: Target, harm: Callable[[Path], None]
) -> None:
    folder = run_folder.with_name("2025")
    leave_run(folder, load_result(target))
    assert status_of(tmp_path, run_folder, target, LOAD)[0] is Status.PASS
    harm(folder)
    assert status_of(tmp_path, run_folder, target, LOAD)[0] is Status.ERROR


def test_a_result_laid_beside_those_of_a_run_says_nothing(
    tmp_path: Path, run_folder: Path, target: Target
) -> None:
    folder = run_folder.with_name("2025")
    leave_run(folder, load_result(target, scenario="soak"))
    leave(folder, load_result(target))
    assert status_of(tmp_path, run_folder, target, LOAD)[0] is Status.ERROR


def test_how_long_a_load_run_was_is_not_how_long_it_took_to_read_it(
    tmp_path: Path, run_folder: Path, target: Target
) -> None:
    leave(run_folder, load_result(target))
    executor = replace(make_executor(tmp_path, target), run_folder=run_folder)
    checklist = make_checklist(tmp_path, "- One: {load: search, expect: p95 < 200ms}")
    outcome = executor(checklist.phases[0].items[0])
    evidence = observe(outcome, checklist, Keeper(tmp_path, target)).evidence
    assert evidence["seconds"] == evidence["attempts"][0]["seconds"] < evidence["run_seconds"]
