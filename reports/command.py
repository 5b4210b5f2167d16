"""`launchkit report`: render a report again, from one run or from several of one release and target."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from harness.errors import UsageError
from harness.exit_codes import ExitCode
from harness.journal import FILE_NAME, read_journal
from harness.results import write_text
from harness.settings import read_settings
from reports.causes import by_cause
from reports.changes import compare
from reports.exhibits import exhibits_of
from reports.merge import in_order, merge
from reports.sources import copy_journal, copy_sources, links_of
from reports.verdict import Verdict
from reports.write import HTML, JSON, JUNIT, Rendered, render, write_files


def report(
    runs: Annotated[list[Path], Parameter(name="RUN", help="a run's folder, or its name under .runs")],
    /,
    *,
    json: Annotated[bool, Parameter(negative=())] = False,
    junit: Path | None = None,
    strict: Annotated[bool, Parameter(negative=())] = False,
    out: Path | None = None,
    baseline: Path | None = None,
) -> ExitCode:
    """Decide again and write report.html, .md, .json and junit.xml.

    Parameters
    ----------
    json
        Print report.json on stdout and nothing else there.
    junit
        Write the JUnit file here too.
    strict
        Exit 4 where the verdict is a pass but has conditions or open items.
    out
        The folder to write to, with all of the runs that the report rests on. Default: the run's own; several
        runs need it.
    baseline
        An earlier run: what changed since is told.
    """
    folders = [find_run(run) for run in runs]
    if len(folders) > 1 and out is None:
        raise UsageError(
            "several runs make a report of their own", hint="say where it is to be written: --out DIR"
        )
    records = in_order([read_journal(folder) for folder in folders])
    record = merge(records)
    before = read_journal(find_run(baseline)) if baseline else None
    changes = compare(record, before) if before else None
    target = out or folders[0]
    if len(folders) == 1 and target.resolve() == folders[0].resolve():
        rendered = render(record, exhibits_of(record, folders), changes=changes)
    else:
        links = links_of(record, records)
        sources = copy_sources(target, records)
        if before:
            copy_journal(target, before)
        rendered = render(
            record,
            exhibits_of(record, [one.folder for one in records], links),
            changes=changes,
            sources=sources,
        )
    write_files(target, rendered)
    if junit is not None:
        write_text(junit, rendered.files[JUNIT])
    _tell(rendered, target, json=json)
    return rendered.report.verdict.exit_code_under(strict=strict)


def find_run(run: Path) -> Path:
    """A run's folder, given as a path, as a file in it, or as a name under the runs' folder."""
    if run.name == FILE_NAME:
        return run.parent
    named = read_settings().runs_dir / run
    return named if not run.exists() and named.is_dir() else run


def _tell(rendered: Rendered, folder: Path, *, json: bool) -> None:
    if json:
        sys.stdout.write(rendered.files[JSON])
        return
    print(summary(rendered.report.verdict))
    print(f"report: {folder / HTML}")


def summary(verdict: Verdict, *, reasons: int = 3) -> str:
    """The verdict in a few plain lines: the word, the sentence, the most important reasons."""
    lines = [f"{verdict.word}: {verdict.sentence}"]
    for number, cause in enumerate(by_cause(verdict.reasons)[:reasons], 1):
        told = (cause.detail or cause.first.settles)[:200]
        lines.append(f"  {number}. {cause.title} [{cause.first.status}]" + (f": {told}" if told else ""))
    return "\n".join(lines)
