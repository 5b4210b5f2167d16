"""What the judging commands share: one door to a target, one journal, one set of last words."""

import json
import os
import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree as ET

import pytest
from cyclopts import App

from harness.environment import EnvironmentKind
from harness.errors import DocumentError, NotAllowedError, TargetUnreachableError, UsageError
from harness.evidence import Observation, Source, Status
from harness.exit_codes import ExitCode
from harness.journal import FILE_NAME, Journal, JournalError, read_about, read_journal
from harness.judging import Judging, Stage, open_run
from harness.target import Permission
from harness.tests.test_journal import about


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(404)
        self.end_headers()

    def log_request(self, *_: object) -> None:
        return


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The profile of a target that answers, with its runs below `tmp_path`."""
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))
    with HTTPServer(("127.0.0.1", 0), _Answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        path = tmp_path / "target.yaml"
        path.write_text(
            f"name: stub\nbase_url: http://127.0.0.1:{server.server_port}\n"
            "release: {name: '1', commit: abc}\n"
        )
        yield path
        server.shutdown()
        thread.join()


def _observation(number: int, status: Status = Status.PASS, source: Source = Source.CONTRACT) -> Observation:
    return Observation(source=source, id=f"test/{number}", status=status, message=f"m {number}\nmore")


def _judge(judging: Judging, *observations: Observation, exit_code: ExitCode = ExitCode.PASS) -> Path:
    with open_run(judging, command="contract", parts=(Source.CONTRACT,), stage=Stage.BARE) as run:
        for observation in observations:
            run.journal.observe(observation)
        assert run.conclude(exit_code, "holds") is exit_code
        return run.folder


def test_a_run_leaves_a_whole_journal(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _judge(Judging(target=profile, seed=5), _observation(1), _observation(2, Status.FAIL))
    record = read_journal(folder)
    told = record.header.about
    assert (told.command, told.environment, told.rehearsal, told.seed) == ("contract", "existing", False, 5)
    assert told.subject
    assert (told.subject.name, told.subject.release, told.subject.commit) == ("stub", "1", "abc")
    assert record.footer.outcome == "complete"
    assert [phase.name for phase in record.footer.phases] == ["environment", "contract"]
    said, progress = capsys.readouterr()
    assert said.splitlines() == [
        "contract: holds (1 pass, 1 fail; seed 5)",
        "  fail test/2: m 2",
        f"  evidence: {folder / FILE_NAME}",
    ]
    assert progress.splitlines()[0] == "environment …"


def test_json_is_all_there_is_on_stdout(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _judge(Judging(target=profile, json=True), _observation(1), exit_code=ExitCode.FAIL)
    document = json.loads(capsys.readouterr().out)
    assert document["format"] == 1
    assert (document["command"], document["run"], document["exit_code"]) == ("contract", folder.name, 1)
    assert document["counts"] == {"pass": 1}
    assert document["observations"][0]["id"] == "test/1"
    assert document["seed"] == read_about(folder).seed


def test_junit_replaces_an_old_file(profile: Path, tmp_path: Path) -> None:
    junit = tmp_path / "reports" / "junit.xml"
    junit.parent.mkdir()
    junit.write_text("yesterday's")
    _judge(Judging(target=profile, junit=junit), _observation(1), _observation(2, Status.ERROR))
    suite = ET.fromstring(junit.read_text()).find("testsuite")  # noqa: S314  our own file
    assert suite is not None
    assert (suite.get("tests"), suite.get("errors"), suite.get("failures")) == ("2", "1", "0")


def test_a_junit_file_that_cannot_be_written_is_told_before_anything_runs(
    profile: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        _judge(Judging(target=profile, junit=profile / "junit.xml"))
    assert not (tmp_path / "runs").exists()


def test_many_failures_are_counted_not_listed(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _judge(Judging(target=profile), *(_observation(number, Status.FAIL) for number in range(13)))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 13
    assert lines[-2] == "  … and 3 more"


def _be_terminated(judging: Judging) -> None:
    with open_run(judging, command="contract", parts=(Source.CONTRACT,), stage=Stage.BARE) as run:
        run.journal.observe(_observation(1))
        os.kill(os.getpid(), signal.SIGTERM)  # as good as Ctrl-C


def test_leaving_without_a_conclusion_is_an_interrupted_run(profile: Path, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        _be_terminated(Judging(target=profile))
    (folder,) = (tmp_path / "runs").iterdir()
    record = read_journal(folder)
    assert (record.footer.outcome, len(record.entries)) == ("interrupted", 1)
    assert signal.getsignal(signal.SIGTERM) is before


def test_joining_a_run_adds_to_it_and_ends_nothing(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "launch"
    journal = Journal.create(folder, about())
    journal.observe(_observation(1))
    journal.observe(_observation(2, source=Source.LOAD))
    _judge(Judging(target=profile, run=folder, json=True), _observation(3))
    assert [one["id"] for one in json.loads(capsys.readouterr().out)["observations"]] == ["test/3"]
    with pytest.raises(JournalError, match="no footer"):
        read_journal(folder)
    journal.finish(outcome="complete", seconds=1)
    assert len(read_journal(folder).entries) == 3
    assert not (tmp_path / "runs").exists()


def test_joining_needs_a_target_and_an_open_run(profile: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--target"):
        _judge(Judging(run=tmp_path))
    with pytest.raises(JournalError, match="cannot be read"):
        _judge(Judging(run=tmp_path, target=profile))


@pytest.mark.parametrize(
    ("judging", "error"),
    [
        (Judging(environment=EnvironmentKind.EXISTING), UsageError),
        (Judging(target=Path("no-such-profile.yaml")), DocumentError),
    ],
)
def test_a_wrong_call_makes_no_run_folder(
    profile: Path, tmp_path: Path, judging: Judging, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _judge(judging)
    assert not (tmp_path / "runs").exists()


def test_a_target_that_never_answers_could_not_be_judged(profile: Path) -> None:
    profile.write_text("name: gone\nbase_url: http://127.0.0.1:1\n")
    with pytest.raises(TargetUnreachableError):
        _judge(Judging(target=profile))


def test_without_a_profile_the_reference_is_populated_for_the_occasion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path))
    with open_run(Judging(seed=3), command="check", parts=(Source.CHECKLIST,), stage=Stage.POPULATED) as run:
        assert len(run.target.metrics_urls) == 2
        run.conclude(ExitCode.UNDECIDED, "nothing was asked")
    told = read_journal(run.folder).header.about
    assert (told.environment, told.rehearsal) == ("embedded", True)
    assert [phase.name for phase in read_journal(run.folder).footer.phases] == [
        "environment",
        "catalogue and workers",
        "check",
    ]


def test_its_options_are_those_of_every_command(profile: Path) -> None:
    app = App(result_action="return_value")
    seen: list[Judging] = []

    @app.default
    def command(judging: Judging = Judging()) -> None:  # noqa: B008  frozen
        seen.append(judging)

    app(["--target", str(profile), "--json", "--junit", "j.xml", "--seed", "4", "--run", "r"])
    assert seen == [Judging(target=profile, json=True, junit=Path("j.xml"), seed=4, run=Path("r"))]


@pytest.mark.parametrize("joined", [False, True])
def test_what_is_not_allowed_is_told_before_anything_is_dialled(tmp_path: Path, joined: bool) -> None:
    profile = tmp_path / "far.yaml"
    profile.write_text("name: far\nbase_url: http://market.example\nallow: [load_data]\n")
    judging = Judging(target=profile, run=tmp_path / "open" if joined else None)
    needs = (Permission.LOAD_DATA, Permission.LOAD_TEST)
    run = open_run(judging, command="load", parts=(Source.LOAD,), stage=Stage.BARE, needs=needs)
    with pytest.raises(NotAllowedError, match="`allow` lacks load_test"), run:
        pass
    assert not (tmp_path / "runs").exists()
