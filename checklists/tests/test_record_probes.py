"""Probes that read what other steps left: contract results, load results, test results."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checklists.keeping import Keeper
from checklists.observing import observe
from checklists.stamp import SuiteResult
from checklists.tests.support import (
    COMMIT,
    make_checklist,
    make_executor,
    make_item,
    make_target,
    no_answer,
)
from harness.errors import DocumentError
from harness.evidence import Observation, Source, Status
from harness.journal import FILE_NAME, About, Journal, Plan, PlannedItem, Subject
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
from harness.requirements import read_requirements
from harness.target import Target
from loadtests.command import recorded

OTHER = "b" * 40


def subject(target: Target, commit: str | None = COMMIT) -> Subject:
    return Subject(name=target.name, base_url=target.base_url, profile_digest="d", commit=commit)


def begin(folder: Path, about: Subject | None, *plans: Plan) -> Journal:
    return Journal.create(
        folder,
        About(
            run=folder.name,
            command="contract",
            environment="existing",
            rehearsal=False,
            subject=about,
            parts=(Source.CONTRACT,),
            seed=1,
            version="0",
            plans=plans,
        ),
    )


def note(journal: Journal, name: str, status: Status, *requirements: str) -> None:
    journal.observe(Observation(source=Source.CONTRACT, id=name, status=status, requirements=requirements))


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return make_target(tmp_path, release={"name": "1.0", "commit": COMMIT})


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / "20260101T000000Z-own"
    folder.mkdir(parents=True)
    return folder


def status_of(tmp_path: Path, run_folder: Path, target: Target, keys: str) -> tuple[Status, str]:
    executor = replace(make_executor(tmp_path, target), run_folder=run_folder)
    outcome = executor(make_item(tmp_path, keys))
    return outcome.status, outcome.message


SSRF = "contract: {requirements: HC-05}\nexpect: [failed = 0, undecided = 0, missing = 0]"


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ([("a", Status.PASS, "HC-05"), ("b", Status.FAIL, "HC-01")], Status.PASS),
        ([("a", Status.PASS, "HC-05"), ("b", Status.FAIL, "HC-05")], Status.FAIL),
        ([("a", Status.PASS, "HC-05"), ("b", Status.ERROR, "HC-05")], Status.FAIL),
        ([("a", Status.EXPECTED, "HC-05")], Status.ERROR),
        ([("a", Status.ERROR, "HC-05"), ("b", Status.UNDECIDED, "HC-05")], Status.ERROR),
        ([("a", Status.NOT_APPLICABLE, "HC-05")], Status.ERROR),
        ([("a", Status.PASS, "HC-01")], Status.ERROR),
        ([], Status.ERROR),
    ],
)
def test_contract_results_of_this_run(
    tmp_path: Path, run_folder: Path, target: Target, found: list[Any], status: Status
) -> None:
    journal = begin(run_folder, subject(target))
    for name, result, requirement in found:
        note(journal, name, result, requirement)
    assert status_of(tmp_path, run_folder, target, SSRF)[0] is status


def test_every_requirement_asked_for_needs_a_test_that_passed(
    tmp_path: Path, run_folder: Path, target: Target
) -> None:
    journal = begin(run_folder, subject(target))
    note(journal, "a", Status.PASS, "API-01")
    keys = "contract: {requirements: [API-01, API-02]}\nexpect: missing = 0"
    assert status_of(tmp_path, run_folder, target, keys) == (
        Status.FAIL,
        "expected missing = 0, but missing = 1",
    )


@pytest.mark.parametrize(
    ("chosen", "passed"), [("all", 2), ("{tests: live/*}", 1), ("{tests: [live/*, seeded/*]}", 2)]
)
def test_tests_can_be_chosen_by_name(
    tmp_path: Path, run_folder: Path, target: Target, chosen: str, passed: int
) -> None:
    journal = begin(run_folder, subject(target))
    note(journal, "live/one", Status.PASS, "API-01")
    note(journal, "seeded/two", Status.WARNING, "API-02")
    keys = f"contract: {chosen}\nexpect: passed = {passed}"
    assert status_of(tmp_path, run_folder, target, keys)[0] is Status.PASS


@pytest.mark.parametrize(
    ("commit", "outcome", "status"),
    [
        (COMMIT, "complete", Status.PASS),
        (OTHER, "complete", Status.ERROR),
        (None, "complete", Status.ERROR),
        (COMMIT, "interrupted", Status.ERROR),
        (COMMIT, "", Status.ERROR),
    ],
)
def test_an_earlier_run_speaks_for_the_same_commit_only(
    tmp_path: Path, run_folder: Path, target: Target, commit: str | None, outcome: str, status: Status
) -> None:
    begin(run_folder, subject(target))
    earlier = begin(run_folder.with_name("20250101T000000Z-old"), subject(target, commit))
    note(earlier, "a", Status.PASS, "HC-05")
    if outcome:
        earlier.finish(outcome=outcome, seconds=1.0)
    assert status_of(tmp_path, run_folder, target, SSRF)[0] is status


def test_two_targets_without_a_commit_are_not_the_same(tmp_path: Path, run_folder: Path) -> None:
    target = make_target(tmp_path)
    begin(run_folder, subject(target, None))
    earlier = begin(run_folder.with_name("20250101T000000Z-old"), subject(target, None))
    note(earlier, "a", Status.PASS, "HC-05")
    earlier.finish(outcome="complete", seconds=1.0)
    assert status_of(tmp_path, run_folder, target, SSRF)[0] is Status.ERROR


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


EVIDENCE = "evidence: {except: [DAY-*, POST-*, CHK-*, CP-*, VC-*]}\nexpect: [requirements > 0, missing = 0]"


def plan(*requirements: str) -> Plan:
    item = PlannedItem(id="pre-launch/one", title="One", severity="blocker", requirements=requirements)
    return Plan(phase="pre-launch", digest="d", items=(item,))


def asked_for() -> list[str]:
    aside = ("DAY-", "POST-", "CHK-", "CP-", "VC-")
    return [known.id for known in read_requirements() if not known.id.startswith(aside)]


def test_a_requirement_has_evidence_by_a_test_a_load_run_or_an_item(
    tmp_path: Path, run_folder: Path, target: Target
) -> None:
    *tested, measured, planned = asked_for()
    begin(run_folder, subject(target), plan(planned))
    earlier = begin(run_folder.with_name("2024"), subject(target))
    note(earlier, "a", Status.FAIL, *tested)
    earlier.finish(outcome="complete", seconds=1.0)
    keys = EVIDENCE
    assert status_of(tmp_path, run_folder, target, keys) == (
        Status.FAIL,
        "expected missing = 0, but missing = 1",
    )
    loaded = begin(run_folder.with_name("2025"), subject(target))
    loaded.observe(Observation(source=Source.LOAD, id="x", status=Status.REHEARSED, requirements=(measured,)))
    loaded.finish(outcome="complete", seconds=1.0)
    assert status_of(tmp_path, run_folder, target, keys)[0] is Status.PASS


@pytest.mark.parametrize(
    ("status", "commit"), [(Status.NOT_APPLICABLE, COMMIT), (Status.PASS, OTHER), (Status.PASS, None)]
)
def test_what_does_not_apply_or_is_of_another_release_is_no_evidence(
    tmp_path: Path, run_folder: Path, target: Target, status: Status, commit: str | None
) -> None:
    *tested, last = asked_for()
    journal = begin(run_folder, subject(target))
    note(journal, "a", Status.PASS, *tested)
    note(journal, "b", Status.NOT_APPLICABLE, last)
    other = begin(run_folder.with_name("2025"), subject(target, commit))
    other.observe(Observation(source=Source.LOAD, id="x", status=status, requirements=(last,)))
    other.finish(outcome="complete", seconds=1.0)
    executor = replace(make_executor(tmp_path, target), run_folder=run_folder)
    outcome = executor(make_item(tmp_path, EVIDENCE))
    assert outcome.status is Status.FAIL
    answer = outcome.attempts[-1].answer
    assert answer is not None
    assert answer.details == {"missing": [last]}


def test_without_any_results_evidence_cannot_be_told(
    tmp_path: Path, run_folder: Path, target: Target
) -> None:
    begin(run_folder, subject(target), plan("API-01"))
    assert status_of(tmp_path, run_folder, target, EVIDENCE) == (
        Status.ERROR,
        "neither contract nor load results for this release and target",
    )


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("most", "'most' cannot be read"),
        ("{but: [DAY-*]}", "unknown key of an evidence probe 'but'"),
        ("{except: [DAYS-*]}", "'DAYS-*' matches no requirement"),
        ("{}", "'except' is missing"),
    ],
)
def test_a_mistake_about_evidence_is_pointed_at(tmp_path: Path, written: str, message: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(message)):
        make_item(tmp_path, f"evidence: {written}\nexpect: missing = 0")


TESTS = "tests: py311\nexpect: [failed = 0, passed > 0, coverage > 80%]"
GOOD = SuiteResult("py311", COMMIT, False, "2026-01-01T00:00:00+00:00", 100, 0, 2, 91.5)


def stamped(tmp_path: Path, result: SuiteResult | str) -> None:
    path = tmp_path / "test-results" / "py311.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(result if isinstance(result, str) else json.dumps(asdict(result)))


@pytest.mark.parametrize(
    ("result", "status", "message"),
    [
        (GOOD, Status.PASS, ""),
        (replace(GOOD, coverage=79.9), Status.FAIL, "coverage = 79.9%"),
        (replace(GOOD, failed=1), Status.FAIL, "failed = 1"),
        (replace(GOOD, coverage=None), Status.ERROR, "no 'coverage'"),
        (replace(GOOD, commit=OTHER), Status.ERROR, "are of commit bbbbbbbbbbbb, not 3f2a3f2a3f2a"),
        (replace(GOOD, dirty=True), Status.ERROR, "uncommitted changes"),
        (replace(GOOD, arguments=("-k", "one thing")), Status.ERROR, "run with -k 'one thing'"),
        (replace(GOOD, format=2), Status.ERROR, "format 2 is not known"),
        ("{", Status.ERROR, "is not a test result"),
        ('{"commit": 3}', Status.ERROR, "is not a test result"),
    ],
)
def test_test_results_count_for_their_commit(
    tmp_path: Path, target: Target, result: SuiteResult | str, status: Status, message: str
) -> None:
    stamped(tmp_path, result)
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, TESTS))
    assert outcome.status is status
    assert message in outcome.message


@pytest.mark.parametrize(
    ("result", "status", "message"),
    [
        (GOOD, Status.ERROR, "2 tests of py311 were skipped"),
        (replace(GOOD, failed=1), Status.FAIL, "failed = 1"),
        (replace(GOOD, skipped=0), Status.PASS, ""),
    ],
)
def test_tests_that_were_skipped_where_none_may_be_decide_nothing(
    tmp_path: Path, target: Target, result: SuiteResult, status: Status, message: str
) -> None:
    stamped(tmp_path, result)
    outcome = make_executor(tmp_path, target)(make_item(tmp_path, f"{TESTS}\nmost_skipped: 0"))
    assert outcome.status is status
    assert message in outcome.message


def test_without_test_results_it_is_said_who_makes_them(tmp_path: Path, target: Target) -> None:
    found = no_answer(tmp_path, target, TESTS)
    assert (found.status, found.reason, found.settle) == (
        Status.ERROR,
        "no results of py311 for this commit",
        "tox run -e py311",
    )


def test_without_a_commit_test_results_say_nothing(tmp_path: Path) -> None:
    stamped(tmp_path, GOOD)
    found = no_answer(tmp_path, make_target(tmp_path), TESTS)
    assert found.reason == "the profile does not say which commit is judged"


def test_how_long_a_load_run_was_is_not_how_long_it_took_to_read_it(
    tmp_path: Path, run_folder: Path, target: Target
) -> None:
    leave(run_folder, load_result(target))
    executor = replace(make_executor(tmp_path, target), run_folder=run_folder)
    checklist = make_checklist(tmp_path, "- One: {load: search, expect: p95 < 200ms}")
    outcome = executor(checklist.phases[0].items[0])
    evidence = observe(outcome, checklist, Keeper(tmp_path, target)).evidence
    assert evidence["seconds"] == evidence["attempts"][0]["seconds"] < evidence["run_seconds"]
