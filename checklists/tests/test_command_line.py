"""`launchkit check` as a whole, against a small server."""

import itertools
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checklists.tests.support import Asked, Reply, make_checklist, make_target, serving
from harness.cli import run
from harness.exit_codes import ExitCode
from harness.journal import read_journal

ITEMS = """
- Alive: {http: /health/live, expect: status = 200, requirements: MON-06}
- Ready: {http: /health/ready, expect: [status = 200, json $.status = ready], needs: alive}
- Counted: {sql: SELECT 1 AS one, expect: one = 1}
- Looked at: {manual: someone looked, role: product, severity: major}
"""

Check = Callable[..., ExitCode]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))
    checklist = make_checklist(tmp_path, ITEMS).path

    def call(url: str, *options: str) -> ExitCode:
        profile = make_target(tmp_path, base_url=url).path
        return run(["check", "--target", str(profile), "--file", str(checklist), *options])

    return call


def healthy(asked: Asked) -> Reply:
    return Reply(body=b'{"status": "ready"}')


def unready(asked: Asked) -> Reply:
    return Reply() if asked.path == "/health/live" else Reply(503)


def result(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def statuses(document: dict[str, Any]) -> dict[str, str]:
    return {found["id"]: found["status"] for found in document["observations"]}


def test_a_checklist_that_holds_passes_and_says_what_is_open(
    check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(healthy) as server:
        assert check(server.url, "--json") is ExitCode.PASS
    document = result(capsys)
    assert document["verdict"] == "PASS WITH OPEN ITEMS"
    assert statuses(document) == {
        "pre-launch/alive": "pass",
        "pre-launch/ready": "pass",
        "pre-launch/counted": "skipped",
        "pre-launch/looked-at": "pending",
    }


def test_a_failing_blocker_fails(check: Check, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    with serving(unready) as server:
        assert check(server.url, "--json", "--junit", str(junit)) is ExitCode.FAIL
    assert statuses(result(capsys))["pre-launch/ready"] == "fail"
    assert "<failure" in junit.read_text()


def test_a_target_that_is_away_gives_no_decision(check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(healthy) as server:
        pass
    assert check(server.url, "--json") is ExitCode.UNDECIDED
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err


def test_one_item_can_be_asked_alone_whatever_it_needs(
    check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(healthy) as server:
        assert check(server.url, "--json", "--only", "ready") is ExitCode.PASS
    assert list(statuses(result(capsys))) == ["pre-launch/ready"]
    assert [asked.path for asked in server.asked if asked.path != "/health/live"] == ["/health/ready"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--only", "redy"), "there is no item 'redy'; did you mean 'ready'?"),
        (("launch-day",), "has no phase launch-day; it has pre-launch"),
        (("--seed", "x"), "--seed"),
    ],
)
def test_a_wrong_call_is_one_line(
    check: Check, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], message: str
) -> None:
    with serving(healthy) as server:
        assert check(server.url, *options) is ExitCode.USAGE
    err = capsys.readouterr().err
    assert message in err
    assert len(err.strip().splitlines()) == 1


def test_one_late_endpoint_among_fifty_costs_only_its_own_requests(
    tmp_path: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    items = "\n".join(f"- N{n}: {{http: /{n}, expect: status = 200, retries: 4}}" for n in range(50))
    make_checklist(tmp_path, items)
    late = itertools.count(1)

    def answers(asked: Asked) -> Reply:
        return Reply(503) if asked.path == "/7" and next(late) <= 4 else Reply()

    with serving(answers) as server:
        assert check(server.url, "--json") is ExitCode.PASS
    paths = Counter(asked.path for asked in server.asked if asked.path.lstrip("/").isdigit())
    assert paths == {f"/{n}": 5 if n == 7 else 1 for n in range(50)}
    assert paths.total() == 54
    found = {o["id"]: o["evidence"]["attempts"] for o in result(capsys)["observations"]}
    assert [attempt["status"] for attempt in found["pre-launch/n7"]] == ["fail"] * 4 + ["pass"]


def test_a_checklist_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--file", "nothing.yaml"]) is ExitCode.USAGE
    assert capsys.readouterr().err.startswith("launchkit: nothing.yaml:1:1: cannot be read")


def test_the_journal_is_whole_and_holds_every_item(check: Check, tmp_path: Path) -> None:
    with serving(healthy) as server:
        check(server.url)
    (folder,) = (path for path in (tmp_path / "runs").iterdir())
    record = read_journal(folder)
    assert len(record.entries) == 4
    assert record.entries[0].evidence["checklist_sha256"]


def test_a_single_item_leaves_on_record_all_that_was_not_asked(check: Check, tmp_path: Path) -> None:
    with serving(healthy) as server:
        assert check(server.url, "--only", "alive") is ExitCode.PASS
    (folder,) = (path for path in (tmp_path / "runs").iterdir() if path.is_dir())
    record = read_journal(folder)
    assert [entry.id for entry in record.entries] == ["pre-launch/alive"]
    (plan,) = record.header.about.plans
    assert (plan.phase, plan.digest) == ("pre-launch", record.entries[0].evidence["checklist_sha256"])
    assert [(item.title, item.severity, item.owner, item.requirements) for item in plan.items] == [
        ("Alive", "blocker", "", ("MON-06",)),
        ("Ready", "blocker", "", ()),
        ("Counted", "blocker", "", ()),
        ("Looked at", "major", "product", ()),
    ]
