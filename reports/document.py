"""report.json: the whole report as data, with a published JSON Schema."""

import hashlib
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from harness.evidence import Source, Status
from harness.journal import Phase, Record, Subject
from reports.changes import Changes
from reports.decisions import Decisions, decisions_of
from reports.exhibits import Exhibits
from reports.sources import SourceRun
from reports.verdict import Verdict

FORMAT = 1
SCHEMA = Path(__file__).with_name("report.schema.json")


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Where the report comes from; `digest` is the SHA-256 of its journal, `rules` that of what decided."""

    id: str
    command: str
    environment: str
    rehearsal: bool
    outcome: str
    started_at: datetime
    seconds: float
    seed: int
    version: str
    machine: dict[str, Any]
    digest: str
    rules: str


class PartCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many observations of one part had each status."""

    part: Source
    statuses: dict[Status, int]


class LoadSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario's run; `digest` is the SHA-256 of the whole result, encoded without white space."""

    scenario: str
    mode: str
    verdict: str
    seconds: float
    digest: str


class DashboardSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What the panels were drawn from; `digest` as that of a load result."""

    title: str
    panels: int
    digest: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What report.json holds; `sources` are the runs beside it, none where it lies in its run's folder."""

    format: int
    run: Run
    target: Subject | None
    verdict: Verdict
    counts: tuple[PartCount, ...]
    phases: tuple[Phase, ...]
    loads: tuple[LoadSummary, ...]
    dashboard: DashboardSummary | None = None
    decisions: Decisions = Decisions()
    changes: Changes | None = None
    sources: tuple[SourceRun, ...] = ()


def make_report(
    record: Record,
    verdict: Verdict,
    exhibits: Exhibits,
    *,
    rules: str,
    changes: Changes | None = None,
    sources: tuple[SourceRun, ...] = (),
) -> Report:
    about = record.header.about
    return Report(
        format=FORMAT,
        run=Run(
            id=about.run,
            command=about.command,
            environment=about.environment,
            rehearsal=about.rehearsal,
            outcome=record.footer.outcome,
            started_at=record.header.at,
            seconds=record.footer.seconds,
            seed=about.seed,
            version=about.version,
            machine=about.machine,
            digest=record.digest,
            rules=rules,
        ),
        target=about.subject,
        verdict=verdict,
        counts=tuple(_count(part, record) for part in Source if record.of(part)),
        phases=record.footer.phases,
        loads=tuple(
            LoadSummary(
                scenario=load.scenario,
                mode=str(load.mode),
                verdict=str(load.verdict),
                seconds=load.seconds,
                digest=_digest(load),
            )
            for load in exhibits.loads
        ),
        dashboard=_dashboard(exhibits),
        decisions=decisions_of(record),
        changes=changes,
        sources=sources,
    )


def _dashboard(exhibits: Exhibits) -> DashboardSummary | None:
    found = exhibits.dashboard
    if found is None:
        return None
    return DashboardSummary(title=found.title, panels=len(found.panels), digest=_digest(found))


def _digest(value: msgspec.Struct) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()


def _count(part: Source, record: Record) -> PartCount:
    found = Counter(entry.status for entry in record.of(part))
    return PartCount(part=part, statuses={status: found[status] for status in Status if found[status]})


def schema() -> dict[str, Any]:
    """The JSON Schema of report.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "launchkit report",
        **msgspec.json.schema(Report),
    }
