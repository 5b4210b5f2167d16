"""A run that was really made, with signatures and kept evidence: no change to any of its files is missed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from checklists.tests.support import COMMIT, Reply, make_checklist, make_target, serving
from harness.cli import run as launchkit
from harness.journal import FILE_NAME
from reports.verify import Finding, verify_run

ITEMS = """
- Alive: {http: /, expect: status = 200}
- Looked at: {manual: someone looked, role: product}
- Asked: {manual: someone asked, role: product}
"""
PLACES = 12  # in each file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `runs/<id>` and `runs/signoffs.jsonl`."""
    folder = tmp_path_factory.mktemp("made")
    checklist = str(make_checklist(folder, ITEMS).path)
    os.environ["LAUNCHKIT_RUNS_DIR"] = str(folder / "runs")
    try:
        with serving(Reply(body=b"x" * 5000)) as server:
            release = {"name": "1.0", "commit": COMMIT}
            target = str(make_target(folder, base_url=server.url, release=release).path)
            for item in ("looked-at", "asked"):
                signed = ("--as", "product", "--by", "Ada", "--target", target, "--file", checklist)
                assert launchkit(["sign", item, *signed]) == 0
            assert launchkit(["check", "--target", target, "--file", checklist]) == 0
        (run,) = (path.parent for path in (folder / "runs").glob(f"*/{FILE_NAME}"))
        launchkit(["report", str(run)])
    finally:
        del os.environ["LAUNCHKIT_RUNS_DIR"]
    return run


def test_as_it_was_made_it_is_sound(made: Path) -> None:
    result = verify_run(made)
    assert result.finding is Finding.SOUND
    assert "still holds all that were read" in next(c.detail for c in result.checks if c.what == "signatures")


def _told(made: Path, path: Path, content: bytes) -> Finding:
    """What verify says with this content in the file, which is put back afterwards."""
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        return verify_run(made).finding
    finally:
        path.write_bytes(before)


def test_a_changed_byte_is_found_wherever_it_is(made: Path) -> None:
    files = [path for path in made.rglob("*") if path.is_file() and path.name != "lock"]
    assert {path.name for path in files} >= {
        FILE_NAME,
        "report.json",
        "report.html",
        "report.md",
        "junit.xml",
    }
    assert len(files) == 7  # and the body and the signatures that were kept
    for path in files:
        content = path.read_bytes()
        for number in range(PLACES):
            at = (len(content) - 1) * number // (PLACES - 1)
            changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            assert _told(made, path, changed) is Finding.ALTERED, (path.name, at)


def test_an_edit_of_the_rounds_of_a_watch_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))
    items = "- Alive: {http: /, expect: status = 200}"
    checklist = make_checklist(tmp_path, items, phase="post-launch").path
    with serving(Reply()) as server:
        target = make_target(tmp_path, base_url=server.url, release={"commit": COMMIT}).path
        call = ["check", "post-launch", "--watch", "--for", "1ms", "--every", "1ms"]
        assert launchkit([*call, "--target", str(target), "--file", str(checklist)]) == 0
    (log,) = (tmp_path / "runs").glob("*/watch.jsonl")
    assert _told(log.parent, log, log.read_bytes()) is not Finding.ALTERED
    assert _told(log.parent, log, log.read_bytes().replace(b'"pass"', b'"fail"')) is Finding.ALTERED


def _lines(alter: Callable[[list[bytes]], object]) -> Callable[[bytes], bytes]:
    def altered(content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        alter(lines)
        return b"".join(lines)

    return altered


@pytest.mark.parametrize(
    "alter",
    [
        lambda content: content[:0],
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content + b"\n",
        lambda content: content + content,
        _lines(lambda lines: lines.pop()),
        _lines(lambda lines: lines.pop(0)),
        _lines(lambda lines: lines.pop(1)),
        _lines(lambda lines: lines.reverse()),
        _lines(lambda lines: lines.insert(1, lines.pop(2))),
        _lines(lambda lines: lines.insert(1, lines[1])),
    ],
)
def test_a_journal_that_was_cut_or_reordered_is_found(made: Path, alter: Callable[[bytes], bytes]) -> None:
    path = made / FILE_NAME
    assert _told(made, path, alter(path.read_bytes())) is Finding.ALTERED


@pytest.mark.parametrize(
    "alter",
    [
        lambda content: content[:0],
        lambda content: content[:-3],
        _lines(lambda lines: lines.pop()),
        _lines(lambda lines: lines.pop(0)),
        _lines(lambda lines: lines.reverse()),
        lambda content: content.replace(b"Ada", b"Bob"),
    ],
)
def test_signatures_that_were_cut_or_edited_are_found(made: Path, alter: Callable[[bytes], bytes]) -> None:
    path = made.parent / "signoffs.jsonl"
    assert _told(made, path, alter(path.read_bytes())) is Finding.ALTERED


def test_later_signatures_change_nothing_of_the_run(made: Path) -> None:
    path = made.parent / "signoffs.jsonl"
    assert _told(made, path, path.read_bytes() + b"{}\n") is Finding.SOUND


def test_without_the_file_of_signatures_it_is_not_called_sound(made: Path, tmp_path: Path) -> None:
    path = made.parent / "signoffs.jsonl"
    assert verify_run(made, signoffs=tmp_path / "none").finding is Finding.UNDECIDED
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(path.read_bytes())
    assert verify_run(made, signoffs=copy).finding is Finding.SOUND


def test_files_that_were_swapped_are_found(made: Path) -> None:
    one, other = sorted((made / "evidence").iterdir())
    assert _told(made, one, other.read_bytes()) is Finding.ALTERED
    assert _told(made, made / "report.html", (made / "report.md").read_bytes()) is Finding.ALTERED
