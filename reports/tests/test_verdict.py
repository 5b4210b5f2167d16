"""The verdict over a table of records: what each kind of evidence, or its lack, decides."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.evidence import Observation, Status
from harness.exit_codes import ExitCode
from harness.journal import Subject
from harness.requirements import Requirement
from reports.policy import Policy
from reports.tests.journals import PARTS, check, contract, load, plans_of, read_run, step, whole
from reports.verdict import Verdict, Word, decide

GO, CONDITIONS, NO_GO = Word.GO, Word.GO_WITH_CONDITIONS, Word.NO_GO
PASSED, FAILED, UNDECIDED = Word.REHEARSAL_PASSED, Word.REHEARSAL_FAILED, Word.UNDECIDED

MAJOR, MINOR = {"severity": "major"}, {"severity": "minor"}
DIRTY = Subject(
    name="n", base_url="http://127.0.0.1:1", profile_digest="a" * 64, release="1", commit="3f2a-dirty"
)
DIRTY_ON_A_DAY = msgspec.structs.replace(DIRTY, commit="1.4.0-2-g3f2a-dirty.20261129")
NAMELESS = Subject(name="n", base_url="http://127.0.0.1:1", profile_digest="a" * 64)


@dataclass(frozen=True)
class Case:
    """A record, and the words that it earns as a release and as a rehearsal."""

    name: str
    observations: list[Observation]
    release: Word
    rehearsal: Word
    run: dict[str, Any] = field(default_factory=dict)


def beside(*observations: Observation) -> list[Observation]:
    return [*whole(), *observations]


CASES = (
    Case("everything there", whole(), GO, PASSED),
    Case("nothing at all", [], UNDECIDED, UNDECIDED),
    Case("no contract", [load(), check()], UNDECIDED, UNDECIDED),
    Case("no load", [contract(), check()], UNDECIDED, UNDECIDED),
    Case("no checklist", [contract(), load()], UNDECIDED, UNDECIDED),
    Case(
        "a part that the header forgets is needed all the same",
        [contract()],
        UNDECIDED,
        UNDECIDED,
        {"parts": PARTS[:1]},
    ),
    Case("a contract test fails", beside(contract(Status.FAIL, "a/b/c")), NO_GO, FAILED),
    Case("a load criterion fails", beside(load(Status.FAIL, "spike/p95")), NO_GO, FAILED),
    Case("a blocker fails", beside(check(Status.FAIL, "x/y")), NO_GO, FAILED),
    Case("a major item fails", beside(check(Status.FAIL, "x/y", evidence=MAJOR)), CONDITIONS, PASSED),
    Case("a minor item fails", beside(check(Status.FAIL, "x/y", evidence=MINOR)), GO, PASSED),
    Case("declared but not testable", beside(contract(Status.NOT_TESTABLE, "a/b/c")), NO_GO, FAILED),
    Case("a stale waiver", beside(check(Status.STALE, "x/y")), NO_GO, FAILED),
    Case("a blocker errs", beside(check(Status.ERROR, "x/y")), UNDECIDED, PASSED),
    Case("a major item errs", beside(check(Status.ERROR, "x/y", evidence=MAJOR)), CONDITIONS, PASSED),
    Case("a minor item errs", beside(check(Status.ERROR, "x/y", evidence=MINOR)), GO, PASSED),
    Case("a blocker waits for a person", beside(check(Status.PENDING, "x/y")), UNDECIDED, PASSED),
    Case("a major item waits", beside(check(Status.PENDING, "x/y", evidence=MAJOR)), CONDITIONS, PASSED),
    Case("a blocker is skipped", beside(check(Status.SKIPPED, "x/y")), CONDITIONS, PASSED),
    Case("a blocker is waived", beside(check(Status.WAIVED, "x/y")), CONDITIONS, PASSED),
    Case("a minor item is waived", beside(check(Status.WAIVED, "x/y", evidence=MINOR)), CONDITIONS, PASSED),
    Case("a known failure", beside(contract(Status.EXPECTED, "a/b/c")), CONDITIONS, PASSED),
    Case("a broken SHOULD", beside(contract(Status.WARNING, "a/b/c")), GO, PASSED),
    Case("a capability not declared", beside(contract(Status.NOT_APPLICABLE, "a/b/c")), GO, PASSED),
    Case("load only rehearsed", [contract(), load(Status.REHEARSED), check()], CONDITIONS, PASSED),
    Case("load invalid as a whole", [contract(), load(Status.INVALID), check()], UNDECIDED, UNDECIDED),
    Case("load undecided as a whole", [contract(), load(Status.UNDECIDED), check()], UNDECIDED, UNDECIDED),
    Case("one scenario invalid", beside(load(Status.INVALID, "soak/p95")), UNDECIDED, PASSED),
    Case("checklist all errors", [contract(), load(), check(Status.ERROR)], UNDECIDED, UNDECIDED),
    Case("checklist all skipped", [contract(), load(), check(Status.SKIPPED)], UNDECIDED, UNDECIDED),
    Case("checklist all pending", [contract(), load(), check(Status.PENDING)], UNDECIDED, UNDECIDED),
    Case(
        "contract not applicable",
        [contract(Status.NOT_APPLICABLE), load(), check()],
        UNDECIDED,
        UNDECIDED,
    ),
    Case(
        "blocked by a failed minor item",
        beside(
            check(Status.FAIL, "x/need", evidence=MINOR),
            check(Status.BLOCKED, "x/y", evidence={"blocked_by": ["x/need"]}),
        ),
        NO_GO,
        FAILED,
    ),
    Case(
        "blocked by an error",
        beside(
            check(Status.ERROR, "x/need"), check(Status.BLOCKED, "x/y", evidence={"blocked_by": ["x/need"]})
        ),
        UNDECIDED,
        PASSED,
    ),
    Case(
        "a major item blocked by a failed major item",
        beside(
            check(Status.FAIL, "x/need", evidence=MAJOR),
            check(Status.BLOCKED, "x/y", evidence={"blocked_by": ["x/need"], **MAJOR}),
        ),
        CONDITIONS,
        PASSED,
    ),
    Case(
        "blocked_by of a wrong type",
        beside(check(Status.BLOCKED, "x/y", evidence={"blocked_by": 3})),
        UNDECIDED,
        PASSED,
    ),
    Case(
        "a severity nobody knows is a blocker's",
        beside(check(Status.FAIL, "x/y", evidence={"severity": "tiny"})),
        NO_GO,
        FAILED,
    ),
    Case("fail beats error", beside(check(Status.FAIL, "x/y"), check(Status.ERROR, "x/z")), NO_GO, FAILED),
    Case("fail beats a missing part", [contract(Status.FAIL), check()], NO_GO, FAILED),
    Case("interrupted", whole(), UNDECIDED, UNDECIDED, {"outcome": "interrupted"}),
    Case("an outcome nobody knows", whole(), UNDECIDED, UNDECIDED, {"outcome": "finished"}),
    Case(
        "fail beats interrupted", beside(check(Status.FAIL, "x/y")), NO_GO, FAILED, {"outcome": "interrupted"}
    ),
    Case("a step crashed", whole(), UNDECIDED, UNDECIDED, {"phases": (step("contract", -9),)}),
    Case("a step was used wrongly", whole(), UNDECIDED, UNDECIDED, {"phases": (step("load search", 2),)}),
    Case(
        "a step undecided for no reason", whole(), UNDECIDED, UNDECIDED, {"phases": (step("load search", 3),)}
    ),
    Case("an unknown exit code", whole(), UNDECIDED, UNDECIDED, {"phases": (step("checklist", 77),)}),
    Case("a step interrupted", whole(), UNDECIDED, UNDECIDED, {"phases": (step("checklist", 130),)}),
    Case("a step failed unexplained", whole(), NO_GO, FAILED, {"phases": (step("contract", 1, "it died"),)}),
    Case(
        "a step failed and says why",
        beside(check(Status.FAIL, "x/y", evidence=MAJOR)),
        CONDITIONS,
        PASSED,
        {"phases": (step("checklist", 1),)},
    ),
    Case("a step with open items", whole(), GO, PASSED, {"phases": (step("checklist", 4),)}),
    Case(
        "an undecided scenario explains its step",
        beside(load(Status.INVALID, "soak/p95", evidence=MAJOR)),
        CONDITIONS,
        PASSED,
        {"phases": (step("load soak", 3),)},
    ),
    Case(
        "another scenario's trouble explains nothing",
        beside(load(Status.INVALID, "soak/p95", evidence=MAJOR)),
        UNDECIDED,
        UNDECIDED,
        {"phases": (step("load spike", 3),)},
    ),
    Case(
        "an undecided contract stays undecided",
        beside(contract(Status.ERROR, "a/b/c", evidence=MINOR)),
        UNDECIDED,
        UNDECIDED,
        {"phases": (step("contract", 3),)},
    ),
    Case("a step of the launch undecided", whole(), UNDECIDED, UNDECIDED, {"phases": (step("start", 3),)}),
    Case("a dirty tree", whole(), CONDITIONS, PASSED, {"subject": DIRTY}),
    Case("a dirty tree of a day", whole(), CONDITIONS, PASSED, {"subject": DIRTY_ON_A_DAY}),
    Case("no commit", whole(), CONDITIONS, PASSED, {"subject": NAMELESS}),
    Case("no target", whole(), UNDECIDED, PASSED, {"subject": None}),
    Case(
        "evidence for an unknown requirement",
        beside(check(requirements=("XYZ-9",), name="x/y")),
        CONDITIONS,
        PASSED,
    ),
)


def judged(
    case: Case, rehearsal: bool, folder: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> Verdict:
    """Decide the case; of the requirements every one but those after the launch has evidence."""
    everything = tuple(requirement.id for requirement in requirements)
    covered = [
        Observation(**{**_fields(o), "requirements": (*o.requirements, *everything)})
        for o in case.observations
    ]
    return decide(read_run(folder, covered, rehearsal=rehearsal, **case.run), policy, requirements)


def _fields(observation: Observation) -> dict[str, Any]:
    return {name: getattr(observation, name) for name in Observation.__struct_fields__}


@pytest.mark.parametrize("rehearsal", [False, True], ids=["release", "rehearsal"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_word(
    case: Case, rehearsal: bool, tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    verdict = judged(case, rehearsal, tmp_path / "run", policy, requirements)
    assert verdict.word == (case.rehearsal if rehearsal else case.release)


EXITS = {GO: 0, CONDITIONS: 0, PASSED: 0, NO_GO: 1, FAILED: 1, UNDECIDED: 3}


@pytest.mark.parametrize("rehearsal", [False, True], ids=["release", "rehearsal"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_verdict_explains_itself(
    case: Case, rehearsal: bool, tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    verdict = judged(case, rehearsal, tmp_path / "run", policy, requirements)
    assert verdict.exit_code == EXITS[verdict.word]
    assert verdict.sentence.endswith(".")
    assert len(verdict.coverage) == len(requirements)
    assert all(item.settles for item in verdict.open_items), "each open item says what would settle it"
    if verdict.word in (NO_GO, FAILED):
        assert verdict.reasons[0].effect == "stop"
    if verdict.word in (UNDECIDED, CONDITIONS):
        assert verdict.open_items


def test_strict_turns_open_items_into_their_own_exit_code(
    tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    clean = judged(CASES[0], True, tmp_path / "clean", policy, requirements)
    rehearsed = Case("", [contract(), load(Status.REHEARSED), check()], CONDITIONS, PASSED)
    open_ = judged(rehearsed, True, tmp_path / "open", policy, requirements)
    failed = judged(
        Case("", beside(check(Status.FAIL, "x/y")), NO_GO, FAILED), True, tmp_path / "f", policy, requirements
    )
    assert [clean.exit_code_under(strict=True), clean.exit_code_under(strict=False)] == [0, 0]
    assert [open_.exit_code_under(strict=True), open_.exit_code_under(strict=False)] == [ExitCode.OPEN, 0]
    assert failed.exit_code_under(strict=True) is ExitCode.FAIL


@pytest.mark.parametrize(("rehearsal", "word"), [(False, UNDECIDED), (True, PASSED)])
def test_requirements_without_evidence_leave_a_release_undecided(
    rehearsal: bool, word: Word, tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    record = read_run(tmp_path / "run", [contract(), load(), check()], rehearsal=rehearsal)
    verdict = decide(record, policy, requirements)
    assert verdict.word == word
    (item,) = verdict.open_items
    bare = len([r for r in requirements if not r.id.startswith(("DAY-", "POST-"))])
    assert item.title == f"{bare} requirements without any evidence"


def without_those_after(observation: Observation) -> Observation:
    requirements = tuple(name for name in observation.requirements if not name.startswith(("DAY-", "POST-")))
    return Observation(**{**_fields(observation), "requirements": requirements})


def test_what_can_only_be_seen_after_the_launch_is_not_asked_before(
    tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    record = read_run(tmp_path / "run", [without_those_after(observation) for observation in whole()])
    assert decide(record, policy, requirements).word == GO


def test_what_does_not_apply_is_no_evidence(
    tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    aside, load_, item = whole()
    others = tuple(name for name in item.requirements if name != "API-01")
    observations = [
        Observation(**{**_fields(aside), "requirements": others}),
        load_,
        check(),
        contract(Status.NOT_APPLICABLE, "live/search/test_all", requirements=("API-01",)),
    ]
    verdict = decide(read_run(tmp_path / "run", observations), policy, requirements)
    assert verdict.word == UNDECIDED
    assert [(found.title, found.detail) for found in verdict.open_items] == [
        ("1 requirement without any evidence", "API-01")
    ]


@pytest.mark.parametrize(
    ("status", "evidence", "word"),
    [
        (Status.WAIVED, {"kind": "evidence", "missing": ["API-01"]}, CONDITIONS),
        (Status.WAIVED, {"kind": "evidence", "missing": ["API-02"]}, UNDECIDED),
        (Status.WAIVED, {"kind": "evidence", "missing": 3}, UNDECIDED),
        (Status.WAIVED, {"kind": "file", "missing": ["API-01"]}, UNDECIDED),
        (Status.FAIL, {"kind": "evidence", "missing": ["API-01"], **MAJOR}, UNDECIDED),
    ],
)
def test_evidence_that_is_missing_can_be_waived_by_name(
    status: Status,
    evidence: dict[str, Any],
    word: Word,
    tmp_path: Path,
    policy: Policy,
    requirements: tuple[Requirement, ...],
) -> None:
    others = tuple(name for name in whole()[2].requirements if name != "API-01")
    observations = [contract(), load(), check(requirements=others), check(status, "x/y", evidence=evidence)]
    verdict = decide(read_run(tmp_path / "run", observations), policy, requirements)
    assert verdict.word == word


@pytest.mark.parametrize(
    ("severity", "release", "open_items"),
    [("blocker", UNDECIDED, 1), ("major", CONDITIONS, 1), ("minor", GO, 1)],
)
def test_an_item_that_was_never_asked_is_undecided(
    severity: str,
    release: Word,
    open_items: int,
    tmp_path: Path,
    policy: Policy,
    requirements: tuple[Requirement, ...],
) -> None:
    (plan,) = plans_of(whole(), "pre-launch/never-asked")
    item = msgspec.structs.replace(plan.items[-1], severity=severity, requirements=("CHK-05",))
    plan = msgspec.structs.replace(plan, items=(*plan.items[:-1], item))
    for rehearsal, word in ((False, release), (True, PASSED)):
        record = read_run(tmp_path / str(word), whole(), rehearsal=rehearsal, plans=(plan,))
        verdict = decide(record, policy, requirements)
        assert verdict.word == word
        assert len(verdict.open_items) == open_items
        (found,) = verdict.open_items
        assert (found.where, found.title, found.owner) == (
            "checklist/pre-launch/never-asked",
            "pre-launch/never-asked",
            "backend",
        )
        assert found.detail == "it was never asked"
        assert found.settles == "Run `launchkit check pre-launch` as a whole."


def test_forty_blockers_that_were_never_asked_are_all_named(
    tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    names = [f"pre-launch/item-{number}" for number in range(40)]
    record = read_run(tmp_path / "run", whole(), plans=plans_of(whole(), *names))
    verdict = decide(record, policy, requirements)
    assert (verdict.word, verdict.exit_code) == (UNDECIDED, ExitCode.UNDECIDED)
    assert [item.title for item in verdict.open_items] == names
    assert verdict.sentence == "There is no decision: pre-launch/item-0, and 39 more."


@pytest.mark.parametrize(
    ("observations", "phases"),
    [
        (whole(), ["pre-launch"]),
        (
            [*whole()[:2], check(name="launch-day/x", requirements=whole()[2].requirements)],
            ["pre-launch", "launch-day"],
        ),
    ],
)
def test_a_checklist_whose_items_nobody_wrote_down_decides_no_release(
    observations: list[Observation],
    phases: list[str],
    tmp_path: Path,
    policy: Policy,
    requirements: tuple[Requirement, ...],
) -> None:
    verdict = decide(read_run(tmp_path / "run", observations, plans=()), policy, requirements)
    assert verdict.word == UNDECIDED
    assert [item.title for item in verdict.open_items] == [
        f"What the checklist {phase} asks is not on record" for phase in phases
    ]
    rehearsed = read_run(tmp_path / "rehearsal", observations, plans=(), rehearsal=True)
    assert decide(rehearsed, policy, requirements).word == PASSED


def test_a_launch_day_alone_does_not_stand_for_what_comes_before_it(
    tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    observations = [*whole()[:2], check(name="launch-day/x", requirements=whole()[2].requirements)]
    verdict = decide(read_run(tmp_path / "run", observations), policy, requirements)
    assert verdict.word == UNDECIDED
    assert [item.title for item in verdict.open_items] == [
        "What the checklist pre-launch asks is not on record"
    ]


def test_reasons_come_most_important_first(
    tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    observations = [
        contract(Status.WARNING, "a/b/should"),
        check(Status.SKIPPED, "x/skipped"),
        check(Status.ERROR, "x/error"),
        check(Status.FAIL, "x/fail"),
        load(Status.REHEARSED),
    ]
    verdict = decide(read_run(tmp_path / "run", observations, rehearsal=True), policy, requirements)
    order = [reason.where for reason in verdict.reasons if reason.where.startswith("checklist/")]
    assert order == ["checklist/x/fail", "checklist/x/error", "checklist/x/skipped"]


def test_the_evidence_names_title_owner_fix_and_what_settles(
    tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    told = {
        "title": "Rollback tested",
        "role": "operations",
        "fix": "See the runbook.",
        "settles": "A person.",
    }
    verdict = decide(
        read_run(
            tmp_path / "run", beside(check(Status.FAIL, "x/y", evidence=told, expected="e", observed="o"))
        ),
        policy,
        requirements,
    )
    first = verdict.reasons[0]
    assert (first.title, first.owner, first.fix, first.settles) == (
        "Rollback tested",
        "operations",
        "See the runbook.",
        "A person.",
    )
    assert (first.expected, first.observed, first.where) == ("e", "o", "checklist/x/y")
