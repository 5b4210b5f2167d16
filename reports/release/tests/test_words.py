"""The four words of a release, each from runs that were really made against the reference in release mode.

The contract (its live level) and the checklist judge a stack that runs; hours of full load do not fit into a
test, so its criteria are written down as held.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
import yaml

from harness.children.processes import Processes
from harness.contract.variants import list_variants, serving
from harness.environment import EnvironmentKind, open_environment
from harness.evidence import Source
from harness.journal import FILE_NAME, read_about, subject_of
from harness.requirements import read_requirements
from harness.settings import read_settings
from harness.target import read_target
from reports.document import Report
from reports.release.tests.pages import violations
from reports.tests.journals import load, write_run
from reports.write import HTML, JSON

COMMIT = "3f2a" * 10
VENDORS = 200
CHECKLIST = """
launch: marketplace 1.0
phases:
  pre-launch:
    backend:
      - Ready: {http: /health/ready, expect: status = 200, eventually: {within: 20s, every: 1s}}
      - Search finds vendors:
          http: {post: /v1/marketplace/search, json: {query: "", limit: 5}}
          expect: [status = 200, json $.total > 0, time < 20s]
      - The metrics of all vendors are there:
          sql: SELECT count(*) AS vendors FROM vendors
          expect: vendors LIMIT
    console:
      - The page loads: {browser: "${console_url}", expect: [status = 2xx, overflow = 0]}
    people:
      - The rest was looked at:
          manual: every other requirement was looked at
          role: engineering
          requirements: [REQUIREMENTS]
"""
WAIVER = """
waivers:
  - item: pre-launch/the-metrics-of-all-vendors-are-there
    reason: fewer vendors to begin with
    accept: vendors >= 1
    requested_by: Kim
    approved_by: Robin
    expires: 2999-01-01T00:00:00+02:00
"""


@dataclass(frozen=True)
class Bench:
    """A stack, its profile as a release, and a folder for runs."""

    folder: Path
    profile: Path

    def call(self, *arguments: str, **environ: str) -> int:
        runs = {"LAUNCHKIT_RUNS_DIR": str(self.folder / "runs")}
        argv = [sys.executable, "-m", "harness", *arguments]
        done = subprocess.run(argv, env={**os.environ, **runs, **environ}, capture_output=True, check=False)
        (self.folder / "last.log").write_bytes(done.stdout + done.stderr)
        return done.returncode

    def newest(self) -> Path:
        found = (self.folder / "runs").glob(f"*/{FILE_NAME}")
        return max(found, key=lambda path: path.stat().st_mtime_ns).parent

    def checklist(self, limit: str) -> str:
        path = self.folder / "checklist.yaml"
        names = ", ".join(requirement.id for requirement in read_requirements())
        path.write_text(CHECKLIST.replace("LIMIT", limit).replace("REQUIREMENTS", names), encoding="utf-8")
        return str(path)

    def check(self, limit: str = "> 0", waivers: str = "", **environ: str) -> Path:
        file, target = self.checklist(limit), str(self.profile)
        options = ["--file", file, "--target", target]
        if waivers:
            (self.folder / "waived.yaml").write_text(waivers, encoding="utf-8")
            options += ["--waivers", str(self.folder / "waived.yaml")]
        signed = ("--as", "engineering", "--by", "Ada", "--file", file, "--target", target)
        assert self.call("sign", "the-rest-was-looked-at", *signed) == 0
        self.call("check", "pre-launch", *options, **environ)
        return self.newest()

    def report(self, *runs: Path) -> tuple[Report, Path]:
        out = self.folder / f"report-{len(list(self.folder.glob('report-*')))}"
        self.call("report", *map(str, runs), "--out", str(out))
        return msgspec.json.decode((out / JSON).read_bytes(), type=Report), out / HTML


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("release")
    with open_environment(EnvironmentKind.EMBEDDED, folder / "stack", read_settings()) as environment:
        environment.populate(vendors=VENDORS, seed=7)
        written = yaml.safe_load(environment.target.path.read_text(encoding="utf-8"))
        written["release"] = {"name": "1.0", "commit": COMMIT}
        written["console_url"] = f"{written['base_url']}/docs"
        written["capabilities"] = ["search"]
        del written["workers"], written["fixtures"]
        profile = folder / "release.yaml"
        profile.write_text(yaml.safe_dump(written), encoding="utf-8")
        yield Bench(folder, profile)


@pytest.fixture(scope="module")
def contract(bench: Bench) -> Path:
    assert bench.call("contract", "--level", "live", "--target", str(bench.profile)) == 0
    run = bench.newest()
    assert not read_about(run).rehearsal
    return run


@pytest.fixture(scope="module")
def loaded(bench: Bench) -> Path:
    subject = subject_of(read_target(bench.profile))
    return write_run(bench.folder / "loaded", [load()], subject=subject, parts=(Source.LOAD,), command="load")


def test_everything_there_is_a_plain_go(bench: Bench, contract: Path, loaded: Path) -> None:
    report, page = bench.report(contract, loaded, bench.check())
    assert (report.verdict.word, report.verdict.exit_code) == ("GO", 0), report.verdict.reasons[:3]
    assert not report.run.rehearsal
    assert report.verdict.open_items == ()
    assert violations(page) == []


def test_a_waiver_makes_it_conditional(bench: Bench, contract: Path, loaded: Path) -> None:
    report, page = bench.report(contract, loaded, bench.check("> 1000000", WAIVER))
    assert (report.verdict.word, report.verdict.exit_code) == ("GO WITH CONDITIONS", 0)
    assert [item.status for item in report.verdict.open_items] == ["waived"]
    assert violations(page) == []


def test_without_a_browser_there_is_no_decision(bench: Bench, contract: Path, loaded: Path) -> None:
    run = bench.check(PATH="/nowhere")
    report, page = bench.report(contract, loaded, run)
    assert (report.verdict.word, report.verdict.exit_code) == ("UNDECIDED", 3)
    assert "no Chromium on PATH" in report.verdict.open_items[0].detail
    assert violations(page) == []


def test_a_faulty_reference_is_no_go(bench: Bench, tmp_path: Path) -> None:
    target = read_target(bench.profile)
    (variant,) = list_variants(target, ["pages-overlap"])
    with Processes() as processes, serving(target, variant, processes, tmp_path / "variant.log") as profile:
        assert bench.call("contract", "--level", "live", "--target", str(profile)) == 1
    report, page = bench.report(bench.newest())
    assert (report.verdict.word, report.verdict.exit_code) == ("NO-GO", 1)
    assert report.verdict.reasons[0].where.startswith("contract/live/")
    assert violations(page) == []
