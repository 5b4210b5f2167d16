"""A plain GO of the marketplace's own pre-launch checklist, every item of it asked in release mode.

The contract suite in full, the checklist and its sign-offs judge a stack that runs, from a clean clone of the
commit. Written by hand are hours of full load, and what tox leaves of its environments.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
import pytest
import yaml

from checklists.loader import load_checklist
from checklists.model import Checklist
from checklists.planning import plan_of
from checklists.probes.manual import ManualProbe
from checklists.probes.suite import SuiteProbe
from checklists.stamp import SuiteResult
from harness.commands.launch import SCENARIOS
from harness.environment import EnvironmentKind, open_environment
from harness.evidence import Source, Status
from harness.journal import About, Journal, subject_of
from harness.load_result import CriterionOutcome, LoadResult, Mode
from harness.settings import read_settings
from harness.target import read_target
from loadtests.command import observations, recorded
from loadtests.criteria import read_criteria
from reports.document import Report
from reports.release.tests.pages import violations
from reports.tests.journals import load_result, write_load
from reports.verify import Finding, verify_run
from reports.write import HTML, JSON

ROOT = Path(__file__).parents[3]
_CONSOLE_SECONDS = 300.0
VENDORS = 2000  # with fewer a sequential scan is the better plan
PARTS = (Source.CONTRACT, Source.LOAD, Source.CHECKLIST)


@dataclass(frozen=True)
class Release:
    """A clone of the commit, its checklist, and a folder for the runs."""

    clone: Path
    commit: str
    checklist: Checklist
    runs: Path

    def call(self, *arguments: str) -> int:
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        environ = {**os.environ, "LAUNCHKIT_RUNS_DIR": str(self.runs), "PATH": path}
        argv = [sys.executable, "-m", "harness", *arguments]
        done = subprocess.run(argv, env=environ, capture_output=True, check=False)
        (self.runs / f"{arguments[0]}.log").write_bytes(done.stdout + done.stderr)
        return done.returncode

    def profile(self, written: Path) -> Path:
        """The stack's profile as that of a release."""
        profile = yaml.safe_load(written.read_text(encoding="utf-8"))
        profile |= {"name": "staging", "release": {"name": "1.0", "commit": self.commit}}
        path = self.runs / "staging.yaml"
        path.write_text(yaml.safe_dump(profile), encoding="utf-8")
        return path

    def sign(self, profile: Path) -> None:
        for item in self.checklist.phases[0].items:
            if isinstance(item.probe, ManualProbe):
                what = ("--target", str(profile), "--file", str(self.checklist.path))
                assert self.call("sign", item.id, "--as", item.probe.role, "--by", "Ada", *what) == 0

    def stamp(self) -> None:
        """What tox leaves where every test passes."""
        (self.clone / "test-results").mkdir()
        for item in self.checklist.phases[0].items:
            if isinstance(item.probe, SuiteProbe):
                suite = item.probe.suite
                result = SuiteResult(suite, self.commit, False, "2026-01-01T00:00:00+00:00", 100, 0, 0, 95.0)
                path = self.clone / "test-results" / f"{suite}.json"
                path.write_text(json.dumps(asdict(result)), encoding="utf-8")


@pytest.fixture
def release(tmp_path: Path) -> Release:
    if shutil.which("prometheus") is None:
        _lacking("there is no Prometheus")
    clone, runs = tmp_path / "clone", tmp_path / "runs"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{ROOT}", str(clone)], check=True)
    head = ["git", "-C", str(clone), "rev-parse", "HEAD"]
    commit = subprocess.run(head, check=True, capture_output=True, text=True).stdout.strip()
    runs.mkdir()
    return Release(clone, commit, load_checklist(clone / "checklists" / "pre_launch.yaml"), runs)


def _lacking(problem: str) -> None:
    if read_settings().ci:
        pytest.fail(problem)
    pytest.skip(problem)


def full_load(scenario: str, profile: Path) -> LoadResult:
    """As if it had run in full length and held."""
    result = load_result(scenario, mode=Mode.FULL)
    group = msgspec.structs.replace(result.groups[0], errors=0, statuses={"200": 1199}, failures={})
    criteria = tuple(
        CriterionOutcome(
            id=criterion.id,
            requirements=criterion.requirements,
            expected=str(criterion.rule),
            observed="held",
            status=Status.PASS,
        )
        for criterion in read_criteria()[scenario]
    )
    subject = subject_of(read_target(profile))
    return msgspec.structs.replace(result, groups=(group,), criteria=criteria, target=subject)


def test_the_whole_checklist_signed_is_a_plain_go(release: Release, tmp_path: Path) -> None:
    run, pre_launch = release.runs / "release", release.checklist.phases[0]
    with open_environment(EnvironmentKind.EMBEDDED, tmp_path / "stack", read_settings()) as environment:
        profile = release.profile(environment.target.path)
        about = About(
            run=run.name,
            command="launch",
            environment="existing",
            rehearsal=False,
            subject=subject_of(read_target(profile)),
            parts=PARTS,
            seed=7,
            version="0",
            plans=(plan_of(pre_launch, release.checklist),),
        )
        journal = Journal.create(run, about)
        joined = ("--target", str(profile), "--run", str(run))
        environment.begin_console(build=True)
        assert release.call("contract", *joined) == 0
        if problem := environment.finish_console(seconds=_CONSOLE_SECONDS, tell=lambda _: None):
            _lacking(problem)
        environment.populate(vendors=VENDORS, seed=7)
        environment.start_workers()
        assert environment.start_monitoring() == ""
        release.profile(environment.target.path)
        for scenario in SCENARIOS:
            result = full_load(scenario, profile)
            write_load(run, result)
            for observation in (*observations(result), recorded(result, (), run)):
                journal.observe(observation)
        release.stamp()
        release.sign(profile)
        checked = release.call("check", "pre-launch", *joined, "--file", str(release.checklist.path))
        journal.finish(outcome="complete", seconds=1.0)
    assert release.call("report", str(run)) == 0
    report = msgspec.json.decode((run / JSON).read_bytes(), type=Report)
    assert report.verdict.open_items == ()
    assert (report.verdict.word, report.verdict.exit_code, checked) == ("GO", 0, 0)
    asked = {row["id"] for row in _observed(run)}
    assert asked >= {item.id for item in pre_launch.items}
    assert verify_run(run).finding is Finding.SOUND
    assert violations(run / HTML) == []


def _observed(run: Path) -> list[dict[str, str]]:
    lines = (json.loads(line) for line in (run / "journal.jsonl").read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line["kind"] == "observation"]
