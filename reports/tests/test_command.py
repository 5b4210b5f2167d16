"""`launchkit report`, called as a user calls it."""

import json
from pathlib import Path

import pytest

from harness.cli import run as launchkit
from harness.evidence import Source, Status
from harness.journal import FILE_NAME
from reports.command import summary
from reports.tests.journals import (
    PARTS,
    SUBJECT,
    check,
    contract,
    load_result,
    whole,
    write_load,
    write_run,
)
from reports.write import HTML, JSON, JUNIT, MARKDOWN, write_reports

FILES = {HTML, JSON, JUNIT, MARKDOWN}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def test_one_run_is_rendered_into_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = write_run(tmp_path / "run", whole(), rehearsal=True)
    assert launchkit(["report", str(run)]) == 0
    assert names(run) == FILES | {FILE_NAME}
    out = capsys.readouterr().out
    assert out.startswith("REHEARSAL PASSED: ")
    assert f"report: {run / HTML}" in out


@pytest.mark.parametrize(
    ("status", "strict", "code"),
    [(Status.WAIVED, True, 4), (Status.WAIVED, False, 0), (Status.FAIL, True, 1), (Status.FAIL, False, 1)],
)
def test_the_exit_code_is_the_verdicts(tmp_path: Path, status: Status, strict: bool, code: int) -> None:
    run = write_run(tmp_path / "run", [*whole(), check(status, "x/y")])
    assert launchkit(["report", str(run), *(["--strict"] if strict else [])]) == code


def test_json_alone_goes_to_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = write_run(tmp_path / "run", [])
    assert launchkit(["report", str(run), "--json"]) == 3
    captured = capsys.readouterr()
    assert json.loads(captured.out)["verdict"]["word"] == "UNDECIDED"
    assert captured.err == ""


def test_junit_and_out_go_where_told(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", whole())
    junit, out = tmp_path / "ci" / "j.xml", tmp_path / "elsewhere"
    assert launchkit(["report", str(run), "--junit", str(junit), "--out", str(out)]) == 0
    assert names(out) == FILES
    assert names(run) == {FILE_NAME}
    assert junit.read_text(encoding="utf-8") == (out / JUNIT).read_text(encoding="utf-8")


def test_runs_of_one_release_are_merged(tmp_path: Path) -> None:
    runs = [
        write_run(tmp_path / str(number), [observation], parts=(part,))
        for number, (observation, part) in enumerate(zip(whole(), PARTS, strict=True))
    ]
    write_load(runs[1], load_result())
    out = tmp_path / "merged"
    assert launchkit(["report", *map(str, runs), "--out", str(out)]) == 0
    document = json.loads((out / JSON).read_text(encoding="utf-8"))
    assert document["run"]["id"] == "0+1+2"
    assert [count["part"] for count in document["counts"]] == ["contract", "load", "checklist"]
    assert [one["scenario"] for one in document["loads"]] == ["search"]


def test_a_run_may_be_named_alone_or_by_its_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path))
    run = write_run(tmp_path / "20260101T000000Z-abc", whole())
    assert launchkit(["report", run.name]) == 0
    assert launchkit(["report", str(run / FILE_NAME)]) == 0
    assert names(run) == FILES | {FILE_NAME}


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    return captured.err


def test_several_runs_need_a_place_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = [str(write_run(tmp_path / name, whole())) for name in "ab"]
    assert launchkit(["report", *runs]) == 2
    assert "--out DIR" in one_line(capsys)


def test_runs_of_two_targets_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = write_run(tmp_path / "a", whole())
    two = write_run(
        tmp_path / "b", whole(), subject=type(SUBJECT)(name="other", base_url="http://x", profile_digest="")
    )
    assert launchkit(["report", str(one), str(two), "--out", str(tmp_path / "out")]) == 2
    assert "judge different things: name 'reference' against name 'other'" in one_line(capsys)


def test_a_truncated_journal_is_never_a_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = write_run(tmp_path / "run", whole())
    journal = run / FILE_NAME
    raw = journal.read_bytes()
    for kept, said in (
        (raw[:-10], "is truncated"),
        (b"".join(raw.splitlines(keepends=True)[:-1]), "has no footer"),
        (b"", "is empty"),
        (raw.replace(b'"pass"', b'"warning"', 1), "chain of hashes is broken"),
    ):
        journal.write_bytes(kept)
        assert launchkit(["report", str(run)]) == 3
        assert said in one_line(capsys)
    assert names(run) == {FILE_NAME}


def test_a_missing_run_and_a_place_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert launchkit(["report", str(tmp_path / "none")]) == 3
    assert "is this the folder of a run?" in one_line(capsys)
    run = write_run(tmp_path / "run", whole())
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert launchkit(["report", str(run), "--out", str(tmp_path / "file")]) == 2
    assert "cannot be written" in one_line(capsys)


def test_a_summary_tells_the_three_most_important_reasons(tmp_path: Path) -> None:
    observations = [contract(Status.FAIL, f"a/b/{n}", message=f"reason {n}") for n in range(5)]
    verdict = write_reports(write_run(tmp_path / "run", observations, parts=(Source.CONTRACT,)))
    lines = summary(verdict).splitlines()
    assert len(lines) == 4
    assert lines[1] == "  1. a/b/0 [fail]: reason 0"


def test_what_has_one_cause_is_one_reason(tmp_path: Path) -> None:
    observations = [contract(Status.FAIL, "a/b/other", message="another reason")]
    observations += [check(Status.FAIL, f"a/{n}", message="no database answers") for n in range(20)]
    verdict = write_reports(write_run(tmp_path / "run", observations))
    lines = summary(verdict).splitlines()
    assert lines[0].startswith("NO-GO: 21 findings stop")
    assert lines[1] == "  1. a/b/other [fail]: another reason"
    assert lines[2] == "  2. a/0 and 19 more [fail]: no database answers"
