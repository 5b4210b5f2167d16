import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checklists.tests.support import answer, make_executor, make_item, make_target, no_answer
from harness.errors import CouldNotDecideError
from harness.evidence import Status

DOCUMENT = """# Guide
Search for [vendors](other.md#top), see [nothing](gone.md), [the web](https://example.org) or
[mail](mailto:a@example.org). TODO: finish.
"""


def test_a_document_is_read_with_what_is_unfinished_and_broken(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(DOCUMENT)
    (tmp_path / "other.md").touch()
    words = answer(tmp_path, make_target(tmp_path), "file: guide.md\nexpect: text ~ Guide").facts.words
    assert words["text"] == (DOCUMENT,)
    assert (words["unfinished"], words["broken_links"], words["lines"]) == ((1,), (1,), (3,))


def test_a_document_that_is_not_there_could_not_be_judged(tmp_path: Path) -> None:
    found = no_answer(tmp_path, make_target(tmp_path), "file: docs/guide.md\nexpect: text ~ Guide")
    assert (found.status, found.reason) == (Status.ERROR, "there is no docs/guide.md")
    assert found.settle == "write docs/guide.md"


def log(tmp_path: Path, *lines: Any) -> None:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    (tmp_path / "api.log").write_text(text)


ALL = "log: all\nexpect: errors = 0"


def test_lines_are_counted_by_level(tmp_path: Path) -> None:
    levels = ["debug", "info", "INFO", "warning", "error", "critical"]
    log(tmp_path, *({"level": level} for level in levels), "Traceback (most recent call last):", "[]", "3")
    found = answer(tmp_path, make_target(tmp_path, logs=["api.log"]), ALL)
    assert found.facts.words == {
        "lines": (9,),
        "debug": (1,),
        "info": (2,),
        "warnings": (1,),
        "errors": (2,),
        "unreadable": (3,),
    }
    assert b"Traceback" in found.output


def test_older_lines_can_be_left_out(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    log(
        tmp_path,
        {"level": "error", "timestamp": (now - timedelta(hours=2)).isoformat()},
        {"level": "error", "time": (now - timedelta(hours=2)).timestamp()},
        {"level": "info", "timestamp": now.isoformat().replace("+00:00", "Z")},
        {"level": "info", "timestamp": "not a time"},
    )
    keys = "log: {since: 1h}\nexpect: [lines = 2, errors = 0]"
    target = make_target(tmp_path, logs=["api.log"])
    assert make_executor(tmp_path, target)(make_item(tmp_path, keys)).status is Status.PASS


def test_a_line_without_a_time_is_of_the_time_of_the_one_before(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    old = {"level": "info", "timestamp": (now - timedelta(hours=2)).isoformat()}
    new = {"level": "info", "timestamp": now.isoformat()}
    target = make_target(tmp_path, logs=["api.log"])
    keys = "log: {since: 1h}\nexpect: unreadable = 0"
    for lines, unreadable in (
        ([old, "Traceback (most recent call last):", new], 0),
        ([old, new, "Traceback (most recent call last):"], 1),
        (["cut off by a rotation", old, new], 0),
        (["Traceback (most recent call last):"], 1),
    ):
        log(tmp_path, *lines)
        assert answer(tmp_path, target, keys).facts.words["unreadable"] == (unreadable,)


@pytest.mark.parametrize(
    ("keys", "hours", "status"),
    [
        ("log: {since: 1h}", 2, Status.PASS),
        ("log: {since: 3h}", 2, Status.ERROR),
        ("log: all", 2, Status.ERROR),
    ],
)
def test_a_log_too_long_to_be_read_back_to_then_says_nothing(
    tmp_path: Path, keys: str, hours: int, status: Status
) -> None:
    then = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    now = json.dumps({"level": "info", "timestamp": datetime.now(UTC).isoformat(), "text": "x" * 1000}) + "\n"
    with (tmp_path / "api.log").open("w") as file:
        file.write(json.dumps({"level": "error", "timestamp": then}) + "\n")
        file.writelines(
            [json.dumps({"level": "debug", "timestamp": then, "text": "x" * 1_000_000}) + "\n"] * 40
        )
        file.write(now)
    outcome = make_executor(tmp_path, make_target(tmp_path, logs=["api.log"]))(
        make_item(tmp_path, f"{keys}\nexpect: [lines > 0, errors = 0]")
    )
    assert outcome.status is status
    if status is Status.ERROR:
        assert "has more in that time than its last 32 MiB" in outcome.message


def test_of_many_errors_some_are_kept_and_all_are_digested(tmp_path: Path) -> None:
    secret = "hunter2hunter2"
    target = make_target(tmp_path, logs=["api.log"], database_url=f"postgresql://u:{secret}@127.0.0.1/db")
    lines = [json.dumps({"level": "error", "n": n}) for n in range(300)]
    lines[0] = json.dumps({"level": "error", "text": "x" * 1965 + secret})
    log(tmp_path, *lines)
    found = answer(tmp_path, target, ALL)
    assert found.cut
    assert len(found.output.splitlines()) == 200
    assert b"hunter" not in found.output
    whole = "".join(line + "\n" for line in lines).encode()
    digest = hashlib.sha256(whole).hexdigest()
    assert found.details["grave"] == {"lines": 300, "bytes": len(whole), "sha256": digest}


def test_a_line_that_is_still_being_written_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "api.log").write_text('{"level": "info"}\n{"level": "er')
    found = answer(tmp_path, make_target(tmp_path, logs=["api.log"]), ALL)
    assert found.facts.words["lines"] == (1,)


def test_a_log_without_a_line_says_nothing_of_errors(tmp_path: Path) -> None:
    log(tmp_path)
    outcome = make_executor(tmp_path, make_target(tmp_path, logs=["api.log"]))(make_item(tmp_path, ALL))
    assert outcome.status is Status.ERROR
    assert "nothing to judge" in outcome.message


def test_without_logs_the_item_is_skipped(tmp_path: Path) -> None:
    outcome = make_executor(tmp_path, make_target(tmp_path))(make_item(tmp_path, ALL))
    assert (outcome.status, outcome.message) == (Status.SKIPPED, "no logs in the profile")


def test_a_log_that_cannot_be_read_is_no_clean_log(tmp_path: Path) -> None:
    with pytest.raises(CouldNotDecideError, match=r"gone\.log cannot be read"):
        answer(tmp_path, make_target(tmp_path, logs=["gone.log"]), ALL)


def test_a_person_has_to_sign(tmp_path: Path) -> None:
    item = make_item(tmp_path, "manual: five vendors interviewed\nrole: product\nvalid_for: 7d")
    outcome = make_executor(tmp_path, make_target(tmp_path))(item)
    assert outcome.status is Status.PENDING
    assert outcome.message == "product has not signed: five vendors interviewed"
    assert outcome.settle == "a sign-off by product"
    assert item.role == "product"
