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
from reports.tests.journals import PARTS, check, contract, load, read_run, step, whole
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


def test_requirements_without_evidence_are_a_condition(
    tmp_path: Path, policy: Policy, requirements: tuple[Requirement, ...]
) -> None:
    verdict = decide(read_run(tmp_path / "run", whole()), policy, requirements)
    assert verdict.word == CONDITIONS
    (item,) = verdict.open_items
    bare = len([r for r in requirements if not r.id.startswith(("DAY-", "POST-"))])
    assert item.title == f"{bare} requirements without any evidence"


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
