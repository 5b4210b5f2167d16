"""The launch day: it asks, it stops, it is gone on with, and nothing is changed twice."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checklists.tests.support import COMMIT, Reply, make_checklist, make_target, serving
from harness.cli import run
from harness.exit_codes import ExitCode

ITEMS = """
- Migrate:
    run: [sh, -c, "echo migrated >> done"]
    expect: exit = 0
    changes: the schema
    undo: migrate down
- Looks fine: {http: /, expect: status = 200}
- Deploy:
    run: [sh, -c, "echo deployed >> done; test -f flag"]
    expect: exit = 0
    fix: make the flag
- Holds: {http: /, expect: status = 200, hold: 10ms}
- Looks: {run: [echo, hi], expect: exit = 0, changes: nothing}
"""

WAIVERS = """
waivers:
  - item: launch-day/deploy
    reason: the flag comes later
    accept: exit = 1
    requested_by: Kim
    approved_by: Robin
    expires: 2999-01-01T00:00:00Z
"""


@dataclass
class Day:
    folder: Path
    url: str
    capsys: pytest.CaptureFixture[str]

    def check(self, *options: str, commit: str = COMMIT) -> tuple[ExitCode, dict[str, str], str]:
        """The exit code, each item's status, and what was told."""
        target = make_target(self.folder, base_url=self.url, release={"name": "1.0", "commit": commit}).path
        self.capsys.readouterr()
        arguments = ["check", "launch-day", "--file", str(self.folder / "checklist.yaml")]
        code = run([*arguments, "--target", str(target), "--json", *options])
        out, err = self.capsys.readouterr()
        found = json.loads(out)["observations"] if out else []
        return code, {o["id"].partition("/")[2]: o["status"] for o in found}, err

    def done(self) -> list[str]:
        path = self.folder / "done"
        return path.read_text(encoding="utf-8").split() if path.exists() else []

    def newest(self) -> str:
        return max((self.folder / "runs").iterdir(), key=lambda path: path.stat().st_mtime_ns).name


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Day]:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))
    (tmp_path / "plan.md").write_text("1. Say so.\n", encoding="utf-8")
    make_checklist(tmp_path, ITEMS, phase="launch-day", top="rollback: plan.md\n")
    with serving(Reply()) as server:
        yield Day(tmp_path, server.url, capsys)


def test_nothing_is_changed_where_nobody_is_there_to_be_asked(day: Day) -> None:
    code, statuses, told = day.check()
    assert code is ExitCode.UNDECIDED
    assert statuses["migrate"] == "pending"
    assert {statuses[name] for name in ("looks-fine", "deploy", "holds", "looks")} == {"blocked"}
    assert day.done() == []
    assert "Migrate changes: the schema" in told
    assert "Nothing was changed." in told
    assert "1. Say so." in told


def test_it_stops_at_a_failed_blocker_and_shows_the_way_back(day: Day) -> None:
    code, statuses, told = day.check("--yes")
    assert code is ExitCode.FAIL
    assert (statuses["deploy"], statuses["holds"], statuses["looks"]) == ("fail", "blocked", "blocked")
    assert day.done() == ["migrated", "deployed"]
    back = told[told.index("STOPPED at Deploy") :]
    assert "to mend it: make the flag" in back
    assert back.index("Deploy: the checklist does not say how to undo it") < back.index(
        "Migrate: migrate down"
    )
    assert back.index("Rollback plan, plan.md:") < back.index("1. Say so.")
    assert f"--resume {day.newest()}" in back


def test_gone_on_with_it_does_nothing_twice(day: Day) -> None:
    day.check("--yes")
    stopped = day.newest()
    (day.folder / "flag").touch()
    code, statuses, told = day.check("--yes", "--resume", stopped)
    assert code is ExitCode.PASS
    assert set(statuses.values()) == {"pass"}
    assert day.done() == ["migrated", "deployed", "deployed"]
    assert f"done in run {stopped}" in told
    assert f"begun in run {stopped}" in told
    assert "it ended as fail" in told
    again = day.check("--yes", "--resume", day.newest())
    assert again[0] is ExitCode.PASS
    assert day.done() == ["migrated", "deployed", "deployed"]


def test_a_change_whose_failure_was_waived_is_not_made_again(day: Day) -> None:
    (day.folder / "waivers.yaml").write_text(WAIVERS, encoding="utf-8")
    code, statuses, _ = day.check("--yes")
    assert (code, statuses["deploy"]) == (ExitCode.PASS, "waived")
    for _ in range(2):
        code, statuses, told = day.check("--yes", "--resume", day.newest())
        assert (code, statuses["deploy"]) == (ExitCode.PASS, "waived")
        assert "waived by Robin until" in told
        assert day.done() == ["migrated", "deployed"]


def test_a_change_that_was_cut_off_is_told_before_it_is_begun_again(day: Day) -> None:
    day.check("--yes")
    stopped = day.folder / "runs" / day.newest()
    lines = (stopped / "journal.jsonl").read_bytes().splitlines(keepends=True)
    cut = next(number for number, line in enumerate(lines) if number and b"launch-day/deploy" in line)
    (stopped / "journal.jsonl").write_bytes(b"".join(lines[:cut]) + lines[cut][:50])
    told = day.check("--yes", "--resume", stopped.name)[2]
    assert "how it ended is not known: look first" in told
    assert day.done() == ["migrated", "deployed", "deployed"]


def test_what_was_done_of_another_command_is_not_done(day: Day) -> None:
    day.check("--yes")
    path = day.folder / "checklist.yaml"
    path.write_text(path.read_text().replace("echo migrated", "echo again"), encoding="utf-8")
    day.check("--yes", "--resume", day.newest())
    assert day.done() == ["migrated", "deployed", "again", "deployed"]


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ("http: {post: /orders}", True),
        ("http: {post: /search}, changes: nothing", False),
        ("http: {put: /orders}", True),
        ("http: {get: /orders}", False),
    ],
)
def test_a_request_that_may_change_something_is_asked_about(day: Day, keys: str, asked: bool) -> None:
    make_checklist(day.folder, f"- One: {{{keys}, expect: status = 200}}", phase="launch-day")
    code, statuses, _ = day.check()
    assert statuses == {"one": "pending" if asked else "pass"}
    assert code is (ExitCode.UNDECIDED if asked else ExitCode.PASS)


@pytest.mark.parametrize(
    ("options", "changes", "message"),
    [
        (["--resume", "nothing"], {}, "nothing is not a run"),
        (["--resume", "{run}"], {"commit": "f" * 40}, "is of another release or target"),
        (["--watch"], {}, "launch-day is a runbook: it is not watched"),
    ],
)
def test_a_wrong_call_is_one_line(
    day: Day, options: list[str], changes: dict[str, Any], message: str
) -> None:
    day.check("--yes")
    done = day.done()
    code, _, told = day.check("--yes", *(option.format(run=day.newest()) for option in options), **changes)
    assert code is ExitCode.USAGE
    assert message in told
    assert day.done() == done
