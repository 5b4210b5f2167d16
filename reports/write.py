"""The report's files, written into a run's folder."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from harness.journal import Record, read_journal
from harness.requirements import FILE as REQUIREMENTS
from harness.requirements import read_requirements
from harness.results import junit_xml, to_json, write_text
from reports.changes import Changes
from reports.document import Report, make_report
from reports.exhibits import Exhibits, exhibits_of
from reports.markdown import render_markdown
from reports.policy import read_policy
from reports.render import render_html
from reports.sources import SourceRun
from reports.unasked import unasked
from reports.verdict import Verdict, decide

HTML, MARKDOWN, JSON, JUNIT = "report.html", "report.md", "report.json", "junit.xml"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A report with its files' texts by name; a pure function of journal, exhibits and rules."""

    report: Report
    files: dict[str, str]


def write_reports(folder: Path) -> Verdict:
    """Decide a finished run and write report.html, report.md, report.json and junit.xml into its folder.

    Raises JournalError for a journal that is missing, truncated or altered, UsageError where the folder
    cannot be written.
    """
    record = read_journal(folder)
    rendered = render(record, exhibits_of(record, (folder,)))
    write_files(folder, rendered)
    return rendered.report.verdict


def render(
    record: Record,
    exhibits: Exhibits,
    *,
    changes: Changes | None = None,
    sources: tuple[SourceRun, ...] = (),
) -> Rendered:
    verdict = decide(record, read_policy(), read_requirements())
    report = make_report(record, verdict, exhibits, rules=rules_digest(), changes=changes, sources=sources)
    return Rendered(
        report,
        {
            JSON: to_json(report) + "\n",
            HTML: render_html(report, record, exhibits),
            MARKDOWN: render_markdown(report),
            JUNIT: junit_xml(f"launchkit {record.header.about.command}", (*record.entries, *unasked(record))),
        },
    )


def write_files(folder: Path, rendered: Rendered) -> None:
    for name, text in rendered.files.items():
        write_text(folder / name, text)


def rules_digest() -> str:
    """SHA-256 over what decides and draws: the policy, the requirements, the templates, this package."""
    package = Path(__file__).parent
    files = sorted(
        path
        for pattern in ("*.py", "*.yaml", "templates/*")
        for path in package.glob(pattern)
        if path.is_file()
    )
    digest = hashlib.sha256()
    for path in (*files, REQUIREMENTS):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
