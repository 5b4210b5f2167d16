"""`launchkit sign` and what the next check makes of it."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checklists.tests.support import COMMIT, Reply, make_checklist, make_target, serving
from harness.cli import run
from harness.exit_codes import ExitCode

ITEMS = """
- Alive: {http: /health/live, expect: status = 200}
- Looked at: {manual: someone looked, role: product, valid_for: 7d}
"""
SIGN = ("sign", "looked-at", "--as", "product", "--by", "Ada")


@dataclass
class Desk:
    """A checklist, a profile of a server that lives, and a folder for runs."""

    folder: Path
    url: str
    capsys: pytest.CaptureFixture[str]

    def profile(self, **values: Any) -> str:
        release = {"release": {"name": "1.0", "commit": COMMIT}}
        return str(make_target(self.folder, base_url=self.url, **{**release, **values}).path)

    def run(self, *arguments: str) -> ExitCode:
        self.capsys.readouterr()
        return run([*arguments, "--file", str(self.folder / "checklist.yaml")])

    def check(self, *options: str, **values: Any) -> tuple[ExitCode, dict[str, str]]:
        code = self.run("check", "--target", self.profile(**values), "--json", *options)
        document = json.loads(self.capsys.readouterr().out)
        return code, {found["id"]: found["status"] for found in document["observations"]}

    def err(self) -> str:
        return self.capsys.readouterr().err


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))
    make_checklist(tmp_path, ITEMS)
    with serving(Reply()) as server:
        yield Desk(tmp_path, server.url, capsys)


def test_a_signature_settles_the_next_check_and_a_new_commit_reopens_it(desk: Desk) -> None:
    code, statuses = desk.check()
    assert (code, statuses["pre-launch/looked-at"]) == (ExitCode.UNDECIDED, "pending")
    assert desk.run(*SIGN) is ExitCode.PASS  # of what the newest run judged
    assert COMMIT in desk.capsys.readouterr().out
    assert desk.check() == (ExitCode.PASS, {"pre-launch/alive": "pass", "pre-launch/looked-at": "pass"})
    code, statuses = desk.check(release={"name": "1.0", "commit": "0" * 40})
    assert (code, statuses["pre-launch/looked-at"]) == (ExitCode.UNDECIDED, "pending")


def test_who_signs_can_name_target_and_file_and_may_refuse(desk: Desk) -> None:
    file = str(desk.folder / "signed.jsonl")
    options = ("--target", desk.profile(), "--signoffs", file)
    assert desk.run(*SIGN, *options, "--refuse", "it flickers") is ExitCode.PASS
    code, statuses = desk.check("--signoffs", file)
    assert (code, statuses["pre-launch/looked-at"]) == (ExitCode.FAIL, "fail")


def test_a_signature_file_that_was_altered_gives_no_decision(desk: Desk) -> None:
    file = desk.folder / "signed.jsonl"
    assert desk.run(*SIGN, "--target", desk.profile(), "--signoffs", str(file)) is ExitCode.PASS
    file.write_text(file.read_text().replace("Ada", "Eve"))
    code = desk.run("check", "--target", desk.profile(), "--signoffs", str(file))
    assert code is ExitCode.UNDECIDED
    assert "signed.jsonl:1: was altered after it was written" in desk.err()


def test_a_waiver_beside_the_checklist_counts(desk: Desk) -> None:
    (desk.folder / "waivers.yaml").write_text(
        "waivers:\n"
        "  - item: pre-launch/looked-at\n"
        "    reason: the product lead is ill\n"
        "    requested_by: Kim\n"
        "    approved_by: Robin\n"
        "    expires: 2130-01-01T00:00:00Z\n"
    )
    code, statuses = desk.check()
    assert (code, statuses["pre-launch/looked-at"]) == (ExitCode.PASS, "waived")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sign", "loked-at", "--as", "product", "--by", "A"), "did you mean 'pre-launch/looked-at'?"),
        (("sign", "alive", "--as", "product", "--by", "A"), "is decided by a probe, not by a signature"),
        (("sign", "prelaunch/looked-at", "--as", "p", "--by", "A"), "'prelaunch' is not a phase"),
        (("sign", "looked-at", "--as", "security", "--by", "A"), "is for product to sign, not for security"),
        (("sign", "looked-at", "--as", "product", "--by", " "), "--by is empty"),
        (SIGN, "no run has asked for pre-launch/looked-at of a release; say what you sign: --target FILE"),
    ],
)
def test_a_wrong_signature_is_one_line(desk: Desk, arguments: tuple[str, ...], message: str) -> None:
    assert desk.run(*arguments) is ExitCode.USAGE
    err = desk.err()
    assert message in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("release", "message"),
    [
        ({"name": "1.0"}, "it is not known which commit"),
        ({"commit": "3f2a-dirty"}, "is no commit that can be"),
    ],
)
def test_what_is_no_commit_is_not_signed(desk: Desk, release: dict[str, str], message: str) -> None:
    assert desk.run(*SIGN, "--target", desk.profile(release=release)) is ExitCode.USAGE
    assert message in desk.err()


def test_a_signature_is_not_put_where_git_would_see_it(desk: Desk) -> None:
    git = shutil.which("git")
    assert git, "Git is needed to develop this project"
    subprocess.run([git, "init", "-q", str(desk.folder)], check=True)
    (desk.folder / ".gitignore").write_text("ignored/\n")
    target = ("--target", desk.profile())
    assert desk.run(*SIGN, *target, "--signoffs", str(desk.folder / "seen.jsonl")) is ExitCode.USAGE
    assert "signing would change the commit that is signed" in desk.err()
    assert desk.run(*SIGN, *target, "--signoffs", str(desk.folder / "ignored/s.jsonl")) is ExitCode.PASS
