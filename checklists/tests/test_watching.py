"""A watch outlives its process: it goes on where it was, and tells the trend of all rounds."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checklists.continuity import Span
from checklists.tests.support import COMMIT, Reply, make_checklist, make_target, serving
from checklists.watching import FILE_NAME, WatchLog
from harness.cli import run
from harness.exit_codes import ExitCode
from harness.journal import read_journal

ITEMS = """
- Alive: {http: /, expect: status = 200}
- Flag: {run: [sh, -c, "test -f flag"], expect: exit = 0}
"""
DEADLINE = 60.0


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))
    checklist = make_checklist(tmp_path, ITEMS, phase="post-launch").path
    with serving(Reply()) as server:
        release = {"name": "1.0", "commit": COMMIT}
        target = make_target(tmp_path, base_url=server.url, release=release).path
        yield ["check", "post-launch", "--watch", "--target", str(target), "--file", str(checklist)]


def rounds(folder: Path) -> int:
    found = [WatchLog(path.parent).samples() for path in folder.glob(f"runs/*/{FILE_NAME}")]
    return max((len(samples) for watch in found for samples in watch.values()), default=0)


@contextlib.contextmanager
def watching(call: list[str], *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    argv = [sys.executable, "-m", "harness", *call, *options]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_rounds(folder: Path, count: int) -> None:
    until = time.monotonic() + DEADLINE
    while rounds(folder) < count:
        assert time.monotonic() < until
        time.sleep(0.02)


def wait_for_watches(folder: Path, count: int) -> None:
    until = time.monotonic() + DEADLINE
    while len(list(folder.glob(f"runs/*/{FILE_NAME}"))) < count:
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_watch_that_was_cut_off_goes_on_in_the_same_run(
    call: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], end: signal.Signals
) -> None:
    with watching(call, "--for", "1h", "--every", "50ms") as process:
        wait_for_rounds(tmp_path, 2)
        os.kill(process.pid, end)
        assert process.wait(DEADLINE) == (-end if end is signal.SIGKILL else 130)
    before = rounds(tmp_path)
    (tmp_path / "flag").touch()
    assert run([*call, "--for", "1ms", "--every", "1ms", "--json"]) is not ExitCode.USAGE
    (folder,) = (path.parent for path in tmp_path.glob(f"runs/*/{FILE_NAME}"))
    assert rounds(tmp_path) == before + 1
    assert read_journal(folder).footer.outcome == "complete"
    out, err = capsys.readouterr()
    assert f"going on with the watch of run {folder.name}" in err
    found = {o["id"]: o for o in json.loads(out)["observations"]}
    assert found["post-launch/flag"]["status"] == "fail"
    assert f"failed in {before} of {before + 1} rounds" in found["post-launch/flag"]["message"]
    assert found["post-launch/alive"]["status"] == "pass"
    assert found["post-launch/alive"]["evidence"]["trend"]["rounds"] == before + 1


def test_a_watch_that_ended_or_that_goes_on_is_not_taken_over(call: list[str], tmp_path: Path) -> None:
    (tmp_path / "flag").touch()
    short = ("--for", "1ms", "--every", "1ms")
    assert run([*call, *short]) is ExitCode.PASS
    assert run([*call, *short]) is ExitCode.PASS
    with watching(call, "--for", "1h", "--every", "1h"):
        wait_for_watches(tmp_path, 3)
        assert run([*call, *short]) is ExitCode.PASS
    assert len(list(tmp_path.glob(f"runs/*/{FILE_NAME}"))) == 4


def test_a_torn_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b'{"phase": "post-launch", "started": 1, "items": []}\n{"at": 1, "ite')
    log = WatchLog(tmp_path)
    assert log.samples() == {}
    log.add((), Span(2.0, 2.5))
    assert len(path.read_bytes().splitlines()) == 3
    assert log.head()["phase"] == "post-launch"


def test_a_waiver_that_is_being_written_does_not_end_the_watch(call: list[str], tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text("waivers: []\n", encoding="utf-8")
    with watching(call, "--for", "1h", "--every", "50ms") as process:
        wait_for_rounds(tmp_path, 1)
        waivers.write_text("waivers: [{item:", encoding="utf-8")
        wait_for_rounds(tmp_path, rounds(tmp_path) + 2)
        assert process.poll() is None


def test_a_watch_that_nobody_looked_at_for_long_does_not_pass(
    call: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "flag").touch()
    with watching(call, "--for", "1h", "--every", "50ms") as process:
        wait_for_rounds(tmp_path, 1)
        process.kill()
    (path,) = tmp_path.glob(f"runs/*/{FILE_NAME}")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    day = 24 * 3600
    lines[0]["started"] -= day
    for line in lines[1:]:
        line["at"], line["ended"] = line["at"] - day, line["ended"] - day
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert run([*call, "--for", "24h", "--every", "5m", "--json"]) is ExitCode.UNDECIDED
    found = {o["id"]: o for o in json.loads(capsys.readouterr().out)["observations"]}
    alive = found["post-launch/alive"]
    assert alive["status"] == "error"
    assert "at most 24 h at once" in alive["message"]
    assert alive["evidence"]["trend"]["planned_rounds"] == 289
    assert alive["evidence"]["trend"]["longest_gap_seconds"] == pytest.approx(day, rel=0.01)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--for", "soon"], "is not a duration"),
        (["--for", "1s", "--every", "2s"], "does not fit into"),
    ],
)
def test_a_wrong_call_is_one_line(
    call: list[str], capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert run([*call, *options]) is ExitCode.USAGE
    told: Any = capsys.readouterr().err.strip()
    assert message in told
    assert "\n" not in told
