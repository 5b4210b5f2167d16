"""Each waiver case: what becomes of the item, and of the launch."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checklists.ceilings import bounds
from checklists.execution import decide as decide_status
from checklists.expectations import Facts, judge
from checklists.keeping import Keeper
from checklists.language import parse
from checklists.model import Answer, Attempt, Checklist, Item, Outcome
from checklists.observing import observe
from checklists.probes import KINDS
from checklists.settling import Settling, waive
from checklists.tests.support import make_checklist, make_target
from checklists.units import Value
from checklists.waivers import beside, load_waivers
from harness.errors import DocumentError
from harness.evidence import Status
from harness.journal import subject_of
from reports.policy import read_policy
from reports.tests.journals import check, contract, load, read_run
from reports.verdict import Word, decide

NOW = datetime(2030, 6, 30, 16, 0, tzinfo=UTC)
CHECKLIST = """
- Audit: {sql: SELECT 1, expect: [violations = 0, pages > 0]}
- Looked at: {manual: someone looked, role: product}
"""
WAIVER = {
    "item": "pre-launch/audit",
    "reason": "contrast of the footer",
    "accept": "violations <= 3",
    "requested_by": "Kim",
    "approved_by": "Robin",
    "expires": "2030-07-01T00:00:00Z",
}
CONDITIONS, NO_GO, UNDECIDED, GO = Word.GO_WITH_CONDITIONS, Word.NO_GO, Word.UNDECIDED, Word.GO


def write(folder: Path, **changes: str | None) -> Path:
    keys = {**WAIVER, **changes}
    lines = [f"{key}: {value}" for key, value in keys.items() if value is not None]
    path = folder / "waivers.yaml"
    path.write_text("waivers:\n  - " + "\n    ".join(lines) + "\n", encoding="utf-8")
    return path


def measured(item: Item, words: Mapping[str, Value]) -> Outcome:
    """What the executor would make of these facts."""
    answer = Answer(Facts(words={word: (value,) for word, value in words.items()}))
    judgements = tuple(judge(expectation, answer.facts) for expectation in item.expectations)
    status = decide_status(judgements, answer)
    return Outcome(
        item, status, "", (Attempt("2030-06-30T16:00:00.000Z", 0.1, status, "", judgements, answer),)
    )


def verdict_of(folder: Path, checklist: Checklist, outcome: Outcome) -> Word:
    seen = observe(outcome, checklist, Keeper(folder, make_target(folder)))
    return decide(read_run(folder / "run", [contract(), load(), check(), seen]), read_policy(), ()).word


@pytest.mark.parametrize(
    ("violations", "changes", "status", "word", "said"),
    [
        (1, {}, Status.WAIVED, CONDITIONS, "waived by Robin until 2030-07-01 00:00:00 UTC"),
        (3, {}, Status.WAIVED, CONDITIONS, "contrast of the footer"),
        (4, {}, Status.FAIL, NO_GO, "its ceiling is violations <= 3"),
        (3, {"accept": "violations < 3"}, Status.FAIL, NO_GO, "its ceiling is violations < 3"),
        (2, {"accept": "[violations <= 3, pages >= 1]"}, Status.WAIVED, CONDITIONS, "waived"),
        (2, {"accept": "[violations <= 3, pages >= 9]"}, Status.FAIL, NO_GO, "its ceiling is pages >= 9"),
        (2, {"accept": "pages > 0"}, Status.FAIL, NO_GO, "it says nothing of violations = 0"),
        (0, {}, Status.PASS, GO, "its waiver is stale"),
        (0, {"expires": "2030-01-01T00:00:00Z"}, Status.PASS, GO, "its waiver is stale"),
        # the same moment in other zones, and a second on each side of it
        (1, {"expires": "2030-06-30T16:00:00Z"}, Status.FAIL, NO_GO, "it expired on 2030-06-30 16:00:00"),
        (1, {"expires": "2030-06-30T16:00:01Z"}, Status.WAIVED, CONDITIONS, "waived"),
        (1, {"expires": "2030-06-30T18:00:00+02:00"}, Status.FAIL, NO_GO, "expired on 2030-06-30 16:00:00"),
        (1, {"expires": "2030-06-30T18:00:01+02:00"}, Status.WAIVED, CONDITIONS, "waived"),
        (1, {"expires": "2030-06-30T09:00:00-07:00"}, Status.FAIL, NO_GO, "expired on 2030-06-30 16:00:00"),
        (1, {"expires": "2030-06-30T12:30:00-07:00"}, Status.WAIVED, CONDITIONS, "2030-06-30 19:30:00 UTC"),
        (1, {"expires": "2030-06-30T21:30:00+05:30"}, Status.FAIL, NO_GO, "expired on 2030-06-30 16:00:00"),
        (1, {"expires": "2030-07-01T05:00:00+14:00"}, Status.FAIL, NO_GO, "expired on 2030-06-30 15:00:00"),
        (1, {"expires": "2030-06-30T10:00:00-12:00"}, Status.WAIVED, CONDITIONS, "2030-06-30 22:00:00 UTC"),
        (1, {"expires": '"2030-06-30 18:00:01+02:00"'}, Status.WAIVED, CONDITIONS, "waived"),
    ],
)
def test_a_waiver_covers_what_it_accepts_until_it_expires(
    tmp_path: Path, violations: int, changes: dict[str, str], status: Status, word: Word, said: str
) -> None:
    checklist = make_checklist(tmp_path, CHECKLIST)
    waiver = load_waivers(write(tmp_path, **changes), checklist)["pre-launch/audit"]
    outcome = measured(checklist.phases[0].items[0], {"violations": violations, "pages": 5})
    waived = waive(outcome, waiver, NOW)
    assert waived.status is status
    assert said in waived.message
    assert verdict_of(tmp_path, checklist, waived) is word


def test_a_failure_that_it_does_not_speak_of_is_not_covered(tmp_path: Path) -> None:
    checklist = make_checklist(tmp_path, CHECKLIST)
    waiver = load_waivers(write(tmp_path), checklist)["pre-launch/audit"]
    waived = waive(measured(checklist.phases[0].items[0], {"violations": 1, "pages": 0}), waiver, NOW)
    assert waived.status is Status.FAIL
    assert "it says nothing of pages > 0" in waived.message


def test_a_floor_is_not_covered_by_a_ceiling_of_the_same_word(tmp_path: Path) -> None:
    checklist = make_checklist(tmp_path, "- Audit: {sql: SELECT 1, expect: [pages > 2, pages < 9]}")
    waiver = load_waivers(write(tmp_path, accept="pages < 99"), checklist)["pre-launch/audit"]
    found = {
        pages: waive(measured(checklist.phases[0].items[0], {"pages": pages}), waiver, NOW)
        for pages in (1, 10)
    }
    assert found[10].status is Status.WAIVED
    assert found[1].status is Status.FAIL
    assert "it says nothing of pages > 2" in found[1].message


@pytest.mark.parametrize(
    ("kind", "expected", "accepted", "bounded"),
    [
        ("http", "body ~ ok", "body !~ zzzz", False),
        ("http", "body ~ ok", "body ~ degraded", True),
        ("http", "body !~ error", "body !~ panic", False),
        ("http", "body !~ error", "body ~ error 17", True),
        ("http", "status = 200", "status = 503", True),
        ("http", "status = 200", "status != 500", False),
        ("http", "status = 200", "last status = 503", False),
        ("http", "time < 1s", "time < 2s", True),
        ("http", "time < 1s", "time > 2s", False),
        ("http", "json $.total > 5", "json $.total >= 1", True),
        ("http", "json $.total = 0", "json $.total >= 0", False),
        ("http", "json $.total = 9", "json $.total >= 8", True),
        ("http", "json $.total = 9", "json $.total <= 8", False),
        ("http", "header ETag present", "header ETag absent", True),
        ("http", "header ETag = a", "header ETag present", False),
        ("http", "header ETag absent", "header ETag = a", True),
        ("explain", "no seq_scan on vendors", "uses seq_scan vendors", True),
        ("explain", "no seq_scan on vendors", "uses seq_scan tags", False),
        ("explain", "no seq_scan on vendors", "time < 1s", False),
    ],
)
def test_a_ceiling_bounds_what_is_expected(kind: str, expected: str, accepted: str, bounded: bool) -> None:
    words = KINDS[kind].vocabulary
    assert words is not None
    assert bounds(parse(accepted, words), parse(expected, words)) is bounded


@pytest.mark.parametrize(
    ("status", "word"),
    [(Status.ERROR, UNDECIDED), (Status.BLOCKED, UNDECIDED), (Status.SKIPPED, CONDITIONS)],
)
def test_what_could_not_be_measured_is_never_waived(tmp_path: Path, status: Status, word: Word) -> None:
    checklist = make_checklist(tmp_path, CHECKLIST)
    waiver = load_waivers(write(tmp_path), checklist)["pre-launch/audit"]
    waived = waive(Outcome(checklist.phases[0].items[0], status, "why"), waiver, NOW)
    assert waived.status is status
    assert waived.decisions["waiver"]["state"] == "void"
    assert verdict_of(tmp_path, checklist, waived) is word


@pytest.mark.parametrize(
    ("expires", "status", "word"),
    [
        ("2030-07-01T00:00:00Z", Status.WAIVED, CONDITIONS),
        ("2030-06-01T00:00:00Z", Status.PENDING, UNDECIDED),
    ],
)
def test_what_a_person_has_to_decide_can_be_waived_for_a_time(
    tmp_path: Path, expires: str, status: Status, word: Word
) -> None:
    checklist = make_checklist(tmp_path, CHECKLIST)
    path = write(tmp_path, item="pre-launch/looked-at", accept=None, expires=expires)
    pending = Outcome(checklist.phases[0].items[1], Status.PENDING, "product has not signed")
    settling = Settling(
        lambda _: pending,
        load_waivers(path, checklist),
        (),
        subject_of(make_target(tmp_path)),
        lambda: NOW,
    )
    waived = settling(pending.item)
    assert waived.status is status
    assert settling.settled(waived) is waived
    assert verdict_of(tmp_path, checklist, waived) is word


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"approved_by": "Kim"}, "6:18: Kim cannot approve a waiver of their own"),
        ({"approved_by": "KIM"}, "KIM cannot approve a waiver of their own"),
        ({"approved_by": '" kim "'}, "kim cannot approve a waiver of their own"),
        ({"approved_by": "Kim"}, "let somebody else approve it"),
        ({"approved_by": None}, "'approved_by' is missing"),
        ({"requested_by": None}, "'requested_by' is missing"),
        ({"reason": None}, "'reason' is missing"),
        ({"reason": '""'}, "must not be empty"),
        ({"expires": None}, "'expires' is missing"),
        ({"expires": "2030-07-01"}, "'2030-07-01' has no time zone"),
        ({"expires": "2030-07-01T00:00:00"}, "has no time zone; for instance 2030-06-30T18:00:00+02:00"),
        ({"expires": "next week"}, "'next week' is not a date and time"),
        ({"expires": "2030-02-30T00:00:00Z"}, "is not a date and time"),
        ({"expires": "0001-01-01T00:00:00+14:00"}, "is out of range"),
        ({"accept": None}, "'accept' is missing"),
        ({"accept": "[]"}, "an empty ceiling accepts nothing"),
        ({"accept": "violations"}, "has no operator"),
        ({"accept": "critical <= 3"}, "4:13: 'critical <= 3' is no ceiling: it does not bound what 'Audit'"),
        ({"accept": "violations >= 1"}, "'violations >= 1' is no ceiling"),
        ({"accept": "violations != 9"}, "'violations != 9' is no ceiling"),
        ({"accept": "[violations <= 3, pages < 9]"}, "'pages < 9' is no ceiling"),
        ({"accept": "pages < 9"}, "the item expects violations = 0; pages > 0"),
        ({"approved_by": '"Kim\\u200b"'}, "cannot approve a waiver of their own"),
        ({"approved_by": '"K\\u00adi\\ufe0fm"'}, "cannot approve a waiver of their own"),
        ({"approved_by": "Ｋｉｍ"}, "cannot approve a waiver of their own"),
        ({"approved_by": '"\\u200b"'}, "nobody is named"),
        ({"accept": "violations == 3"}, "'==' is not an operator; did you mean '='?"),
        ({"item": "pre-launch/audti"}, "did you mean 'pre-launch/audit'?"),
        ({"item": "audit"}, "did you mean 'pre-launch/audit'?"),
        ({"item": "prelaunch/audit"}, "is no item of the checklist"),
        ({"item": "pre-launch/looked-at"}, "a manual item has no ceiling"),
        ({"until": "never"}, "unknown key of a waiver 'until'"),
    ],
)
def test_a_waiver_that_is_not_right_is_refused_with_its_place(
    tmp_path: Path, changes: dict[str, str | None], message: str
) -> None:
    checklist = make_checklist(tmp_path, CHECKLIST)
    with pytest.raises(DocumentError) as caught:
        load_waivers(write(tmp_path, **changes), checklist)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'waivers.yaml'}:")


def test_no_item_is_waived_twice(tmp_path: Path) -> None:
    path = write(tmp_path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, *lines[1:]]))
    with pytest.raises(DocumentError, match="is waived twice, first at line 2"):
        load_waivers(path, make_checklist(tmp_path, CHECKLIST))


def test_a_waiver_of_another_phase_stands_aside(tmp_path: Path) -> None:
    path = write(tmp_path, item="launch-day/whatever")
    assert load_waivers(path, make_checklist(tmp_path, CHECKLIST)) == {}


def test_waivers_are_found_beside_the_checklist(tmp_path: Path) -> None:
    checklist = make_checklist(tmp_path, CHECKLIST)
    assert beside(checklist.path) is None
    assert beside(checklist.path if write(tmp_path) else Path()) == tmp_path / "waivers.yaml"
