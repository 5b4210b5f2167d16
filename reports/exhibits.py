"""What a report shows beside the journal: load results, a dashboard's panels, the texts that were kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.dashboard_result import DashboardResult, read_dashboard
from harness.errors import CouldNotDecideError
from harness.journal import Record
from harness.load_result import FOLDER as LOADS
from harness.load_result import LoadResult, read_load_result
from reports.notes import Note, notes_of


@dataclass(frozen=True, slots=True)
class Exhibits:
    """Each is drawn where it is there; none of it decides anything."""

    loads: tuple[LoadResult, ...] = ()
    dashboard: DashboardResult | None = None
    notes: tuple[Note, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)


def exhibits_of(record: Record, folders: Sequence[Path], links: Mapping[str, str] | None = None) -> Exhibits:
    """Those of one run, or of several that make one report: the later folder's counts.

    `links` lead from the report to files that do not lie beside it as the run names them.
    """
    loads = {load.scenario: load for folder in folders for load in loads_of(folder)}
    dashboards = [found for folder in folders if (found := _dashboard_of(folder)) is not None]
    return Exhibits(
        loads=tuple(loads.values()),
        dashboard=max(dashboards, key=lambda dashboard: dashboard.started_at, default=None),
        notes=notes_of(record, folders),
        links=links or {},
    )


def loads_of(folder: Path) -> tuple[LoadResult, ...]:
    """The load results that can be read; one that cannot has no chart, its criteria are in the journal."""
    return tuple(_readable_loads(folder))


def _readable_loads(folder: Path) -> Iterator[LoadResult]:
    for path in sorted((folder / LOADS).glob("*.json")):
        try:
            yield read_load_result(path)
        except CouldNotDecideError:
            continue


def _dashboard_of(folder: Path) -> DashboardResult | None:
    try:
        return read_dashboard(folder)
    except CouldNotDecideError:
        return None
