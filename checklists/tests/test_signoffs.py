"""Each sign-off case: what becomes of the item, and of the launch."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checklists.keeping import Keeper
from checklists.model import Outcome
from checklists.observing import observe
from checklists.settling import sign
from checklists.signoffs import AlteredSignOffsError, SignOff, append_signoff, read_signoffs
from checklists.tests.support import COMMIT, make_checklist, make_target
from harness.errors import CouldNotDecideError, UsageError
from harness.evidence import Status
from harness.journal import Subject
from reports.policy import read_policy
from reports.tests.journals import check, contract, load, read_run
from reports.verdict import Word, decide

NOW = datetime(2030, 6, 30, 16, 0, tzinfo=UTC)
ITEM = "- Looked at: {manual: five vendors were asked, role: product, valid_for: 7d}"
SUBJECT = Subject(
    name="staging", base_url="http://127.0.0.1:9", profile_digest="a" * 64, release="1.0", commit=COMMIT
)


def signed(**changes: Any) -> SignOff:
    fields: dict[str, Any] = {
        "item": "pre-launch/looked-at",
        "role": "product",
        "by": "Ada",
        "statement": "five vendors were asked",
        "commit": COMMIT,
        "target": "staging",
        "profile_digest": "a" * 64,
        "signed_at": NOW - timedelta(days=1),
    }
    return SignOff(**{**fields, **changes})


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("signoffs", "status", "word", "said"),
    [
        ([], Status.PENDING, Word.UNDECIDED, "product has not signed"),
        ([signed()], Status.PASS, Word.GO, "Ada (product) signed on 2030-06-29 16:00:00 UTC"),
        ([signed(role="Product ")], Status.PASS, Word.GO, "Ada"),
        ([signed(note="one wants dark mode")], Status.PASS, Word.GO, "one wants dark mode"),
        ([signed(item="pre-launch/other")], Status.PENDING, Word.UNDECIDED, "has not signed"),
        ([signed(role="security")], Status.PENDING, Word.UNDECIDED, "security signed, not product"),
        ([signed(commit="0" * 40)], Status.PENDING, Word.UNDECIDED, "it is of commit 000000000000"),
        ([signed(commit=COMMIT[:12])], Status.PENDING, Word.UNDECIDED, "it is of commit"),
        ([signed(target="production")], Status.PENDING, Word.UNDECIDED, "of the target production"),
        ([signed(profile_digest="b" * 64)], Status.PENDING, Word.UNDECIDED, "profile has changed"),
        ([signed(statement="one was asked")], Status.PENDING, Word.UNDECIDED, "asks something else"),
        # seven days, to the second, whatever the zone
        (
            [signed(signed_at=NOW - timedelta(days=7))],
            Status.PENDING,
            Word.UNDECIDED,
            "expired on 2030-06-30",
        ),
        ([signed(signed_at=NOW - timedelta(days=7, seconds=-1))], Status.PASS, Word.GO, "signed"),
        ([signed(signed_at=moment("2030-06-23T18:00:00+02:00"))], Status.PENDING, Word.UNDECIDED, "expired"),
        ([signed(signed_at=moment("2030-06-23T18:00:01+02:00"))], Status.PASS, Word.GO, "16:00:01 UTC"),
        ([signed(signed_at=moment("2030-06-23T09:00:00-07:00"))], Status.PENDING, Word.UNDECIDED, "expired"),
        ([signed(signed_at=NOW + timedelta(minutes=4))], Status.PASS, Word.GO, "signed"),
        ([signed(signed_at=NOW + timedelta(hours=1))], Status.PENDING, Word.UNDECIDED, "of the future"),
        # a refusal, and who comes after it
        ([signed(refused="two were angry")], Status.FAIL, Word.NO_GO, "refused on 2030-06-29"),
        ([signed(), signed(refused="two were angry")], Status.FAIL, Word.NO_GO, "two were angry"),
        ([signed(refused="two were angry"), signed(by="Bo")], Status.PASS, Word.GO, "Bo (product)"),
        ([signed(), signed(refused="no", role="security")], Status.PASS, Word.GO, "Ada"),
        ([signed(), signed(refused="no", commit="0" * 40)], Status.PASS, Word.GO, "Ada"),
        ([signed(commit="0" * 40), signed(by="Bo")], Status.PASS, Word.GO, "Bo"),
    ],
)
def test_a_signature_holds_for_its_item_role_commit_target_and_time(
    tmp_path: Path, signoffs: list[SignOff], status: Status, word: Word, said: str
) -> None:
    checklist = make_checklist(tmp_path, ITEM)
    pending = Outcome(checklist.phases[0].items[0], Status.PENDING, "product has not signed")
    outcome = sign(pending, tuple(signoffs), SUBJECT, NOW)
    assert outcome.status is status
    assert said in outcome.message
    seen = observe(outcome, checklist, Keeper(tmp_path, make_target(tmp_path)))
    record = read_run(tmp_path / "run", [contract(), load(), check(), seen])
    assert decide(record, read_policy(), ()).word is word


def test_without_a_commit_nothing_is_signed(tmp_path: Path) -> None:
    checklist = make_checklist(tmp_path, ITEM)
    pending = Outcome(checklist.phases[0].items[0], Status.PENDING, "")
    outcome = sign(pending, (signed(),), msgspec.structs.replace(SUBJECT, commit=None), NOW)
    assert outcome.status is Status.PENDING


def test_a_signature_without_a_term_holds_as_long_as_the_release(tmp_path: Path) -> None:
    checklist = make_checklist(tmp_path, ITEM.replace(", valid_for: 7d", ""))
    pending = Outcome(checklist.phases[0].items[0], Status.PENDING, "")
    assert sign(pending, (signed(),), SUBJECT, NOW + timedelta(days=900)).status is Status.PASS


def test_only_what_waits_for_a_person_is_signed(tmp_path: Path) -> None:
    checklist = make_checklist(tmp_path, "- Looked at: {sql: SELECT 1, expect: one = 1}")
    failed = Outcome(checklist.phases[0].items[0], Status.FAIL, "")
    assert sign(failed, (signed(),), SUBJECT, NOW) is failed


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "signoffs.jsonl"
    assert read_signoffs(path) == ()
    first, second = append_signoff(path, signed()), append_signoff(path, signed(by="Bo"))
    assert read_signoffs(path) == (first, second)
    assert second.prev == first.digest


@pytest.mark.parametrize(
    "alter",
    [
        lambda text: text.replace("Ada", "Eve", 1),
        lambda text: text.replace(COMMIT, "0" * 40, 1),
        lambda text: text.replace("2030", "2031"),
        lambda text: text.replace('"refused":"no"', '"refused":""'),
        lambda text: text.partition("\n")[2],
        lambda text: "\n".join(reversed(text.strip().split("\n"))) + "\n",
        lambda text: text.strip(),
        lambda text: text + "signed\n",
        lambda text: text.replace('"prev"', '"more":1,"prev"', 1),
    ],
    ids=["name", "commit", "date", "refusal", "removed", "reordered", "torn", "added", "unknown key"],
)
def test_a_file_that_was_altered_says_nothing_any_more(tmp_path: Path, alter: Any) -> None:
    path = tmp_path / "signoffs.jsonl"
    append_signoff(path, signed())
    append_signoff(path, signed(by="Bo", refused="no"))
    path.write_text(alter(path.read_text()))
    with pytest.raises(AlteredSignOffsError):
        read_signoffs(path)
    with pytest.raises(AlteredSignOffsError):
        append_signoff(path, signed())


def test_a_file_that_is_a_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CouldNotDecideError, match="cannot be read"):
        read_signoffs(tmp_path)
    with pytest.raises(UsageError, match="cannot be written"):
        append_signoff(tmp_path, signed())
