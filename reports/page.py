"""The page as values: all that the template shows, in the order in which it shows it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from harness.evidence import Source, Status
from harness.journal import Record
from harness.load_result import LoadResult
from reports.causes import Cause, by_cause
from reports.coverage import Covered, Mark, State
from reports.document import Report
from reports.exhibits import Exhibits
from reports.findings import Finding
from reports.items import Group, count_statuses, group_contract, group_items, item_anchor
from reports.load_view import LoadView, view_load
from reports.panel_view import PanelView, view_panels
from reports.policy import Effect
from reports.shapes import STATES, STATUSES, WORDS, Look, exit_look
from reports.text import duration, line
from reports.unasked import unasked

SHOWN_FINDINGS = 60
# In print the decision takes two pages at most: of more that have a row there, only the rows that follow.
PRINTED_STOPS, PRINTED_GROUPS, PRINTED_OF_A_GROUP = 3, 5, 4
TASKS = {
    "5.1": "Discovery API",
    "5.2": "Workers",
    "5.3": "Console",
    "5.4": "API documentation",
    "5.5": "Performance",
    "5.6": "Monitoring",
    "5.7": "Launch checklists",
    "5.8": "Load testing",
    "role": "Quality standards",
    "notes": "Notes",
}


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its look and a link to its row, empty where it has none."""

    finding: Finding
    look: Look
    link: str
    beyond: bool = False  # what is printed of the decision


@dataclass(frozen=True, slots=True)
class Stop:
    """A finding that stops the launch, and the others that have the same cause."""

    first: Shown
    also: tuple[Shown, ...]
    more: int
    beyond: bool = False  # as above

    @property
    def count(self) -> int:
        return 1 + len(self.also) + self.more


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Open items that the same thing would settle."""

    status: str
    look: Look
    settles: str
    owner: str  # of all of them, else empty
    detail: str  # of all of them, else empty
    findings: tuple[Shown, ...]
    more: int
    beyond: bool = False  # as above

    @property
    def count(self) -> int:
        return len(self.findings) + self.more

    @property
    def unprinted(self) -> int:
        return self.more + sum(shown.beyond for shown in self.findings)


@dataclass(frozen=True, slots=True)
class PartRow:
    part: str
    total: int
    counts: tuple[tuple[str, int, Look], ...]


@dataclass(frozen=True, slots=True)
class StepRow:
    name: str
    duration: str
    share: float  # of the longest step, 0 to 100
    word: str
    look: Look
    message: str


@dataclass(frozen=True, slots=True)
class RequirementRow:
    covered: Covered
    look: Look
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TaskRows:
    title: str
    rows: tuple[RequirementRow, ...]


@dataclass(frozen=True, slots=True)
class Page:
    report: Report
    anchors: dict[str, str]  # of the rows, by `source/id`
    links: Mapping[str, str]  # to files that do not lie beside the page as they are named
    known: frozenset[str]  # ids that have a row among the requirements
    look: Look
    eyebrow: str
    facts: tuple[Fact, ...]
    stops: tuple[Stop, ...]
    more_stops: int
    unprinted_stops: int
    stop_count: int
    open_groups: tuple[OpenGroup, ...]
    unprinted_open: int
    parts: tuple[PartRow, ...]
    states: tuple[tuple[str, int, Look], ...]
    steps: tuple[StepRow, ...]
    groups: tuple[Group, ...]
    contract: tuple[Group, ...]
    tasks: tuple[TaskRows, ...]
    loads: tuple[tuple[LoadView | None, Group | None], ...]
    panels: tuple[PanelView, ...]
    provenance: tuple[Fact, ...]


def make_page(report: Report, record: Record, exhibits: Exhibits) -> Page:
    verdict = report.verdict
    entries = (*record.entries, *unasked(record))
    anchors = {f"{e.source}/{e.id}": item_anchor(e.source, e.id) for e in entries}
    found = [f for f in verdict.reasons if f.effect is Effect.STOP]
    causes = by_cause(found)
    stops = _stops(causes[:SHOWN_FINDINGS], anchors)
    more = sum(len(cause.findings) for cause in causes[SHOWN_FINDINGS:])
    open_groups = _open_groups(verdict.open_items, anchors)
    return Page(
        report=report,
        anchors=anchors,
        links=exhibits.links,
        known=frozenset(covered.id for covered in verdict.coverage),
        look=WORDS[verdict.word],
        eyebrow="Rehearsal: it says nothing about a release" if report.run.rehearsal else "Release",
        facts=_facts(report),
        stops=stops,
        more_stops=more,
        unprinted_stops=more + sum(stop.count for stop in stops if stop.beyond),
        stop_count=len(found),
        open_groups=open_groups,
        unprinted_open=sum(group.count for group in open_groups if group.beyond),
        parts=tuple(_parts(record)),
        states=_states(verdict.coverage),
        steps=_steps(report),
        groups=group_items(e for e in entries if e.source is not Source.LOAD),
        contract=group_contract(record.entries),
        tasks=_tasks(verdict.coverage),
        loads=_loads(record, exhibits.loads),
        panels=view_panels(exhibits.dashboard),
        provenance=_provenance(report),
    )


def _facts(report: Report) -> tuple[Fact, ...]:
    target, run = report.target, report.run
    return (
        Fact("Release", (target and target.release) or "not named"),
        Fact("Commit", ((target and target.commit) or "not known")[:16]),
        Fact("Target", f"{target.name} at {target.base_url}" if target else "not on record"),
        Fact("Time", f"{run.started_at:%Y-%m-%d %H:%M} UTC, {duration(run.seconds)}"),
    )


def _show(findings: Iterable[Finding], anchors: dict[str, str]) -> tuple[Shown, ...]:
    return tuple(Shown(f, STATUSES[f.status], anchors.get(f.where, "")) for f in findings)


def _stops(causes: tuple[Cause, ...], anchors: dict[str, str]) -> tuple[Stop, ...]:
    stops = []
    for number, cause in enumerate(causes):
        first, *others = _show(cause.findings, anchors)
        also, more = tuple(others[:SHOWN_FINDINGS]), max(0, len(others) - SHOWN_FINDINGS)
        stops.append(Stop(first, also, more, beyond=number >= PRINTED_STOPS and bool(first.link)))
    return tuple(stops)


def _open_groups(findings: tuple[Finding, ...], anchors: dict[str, str]) -> tuple[OpenGroup, ...]:
    groups = [_open_group(cause, anchors) for cause in by_cause(findings)]
    return tuple(
        replace(group, beyond=number >= PRINTED_GROUPS and all(shown.link for shown in group.findings))
        for number, group in enumerate(groups)
    )


def _open_group(cause: Cause, anchors: dict[str, str]) -> OpenGroup:
    shown = _show(cause.findings[:SHOWN_FINDINGS], anchors)
    return OpenGroup(
        status=cause.first.status,
        look=STATUSES[cause.first.status],
        settles=cause.first.settles,
        owner=cause.owner,
        detail=cause.detail,
        findings=tuple(
            replace(one, beyond=number >= PRINTED_OF_A_GROUP and bool(one.link))
            for number, one in enumerate(shown)
        ),
        more=max(0, len(cause.findings) - SHOWN_FINDINGS),
    )


def _parts(record: Record) -> Iterator[PartRow]:
    """A row for each part, and for each phase of the checklist."""
    found: dict[str, list[Status]] = {}
    for entry in sorted(record.entries, key=lambda entry: tuple(Source).index(entry.source)):
        phase = f": {line(entry.id.partition('/')[0], 60)}" if entry.source is Source.CHECKLIST else ""
        found.setdefault(f"{entry.source}{phase}", []).append(entry.status)
    for part, statuses in found.items():
        yield PartRow(part, len(statuses), count_statuses(statuses))


def _states(coverage: tuple[Covered, ...]) -> tuple[tuple[str, int, Look], ...]:
    found = Counter(covered.state for covered in coverage)
    return tuple((str(state), found[state], STATES[state]) for state in reversed(State) if found[state])


def _steps(report: Report) -> tuple[StepRow, ...]:
    longest = max((phase.seconds for phase in report.phases), default=0.0) or 1.0
    rows = []
    for phase in report.phases:
        word, look = exit_look(phase.exit_code)
        share = round(100 * phase.seconds / longest, 1)
        rows.append(
            StepRow(
                line(phase.name, 80), duration(phase.seconds), share, word, look, line(phase.message, 300)
            )
        )
    return tuple(rows)


def _tasks(coverage: tuple[Covered, ...]) -> tuple[TaskRows, ...]:
    tasks: dict[str, list[RequirementRow]] = {}
    for covered in coverage:
        tasks.setdefault(covered.task, []).append(_requirement(covered))
    return tuple(
        TaskRows(
            f"{task} {TASKS.get(task, '')}" if task[:1].isdigit() else TASKS.get(task, task), tuple(rows)
        )
        for task, rows in tasks.items()
    )


def _requirement(covered: Covered) -> RequirementRow:
    """The evidence is counted by part and status, worst first, each with a link to the first of its kind."""
    kinds: dict[tuple[Source, Status], list[Mark]] = {}
    for mark in covered.marks:
        kinds.setdefault((mark.source, mark.status), []).append(mark)
    links = tuple(
        (f"{source}: {len(marks)} {status}", item_anchor(source, marks[0].id))
        for (source, status), marks in kinds.items()
    )
    return RequirementRow(covered, STATES[covered.state], links)


def _loads(record: Record, loads: tuple[LoadResult, ...]) -> tuple[tuple[LoadView | None, Group | None], ...]:
    """Each scenario's charts beside its criteria; either may be missing."""
    views = {load.scenario: view_load(load) for load in loads}
    groups = {group.key: group for group in group_items(record.of(Source.LOAD))}
    return tuple((views.get(name), groups.get(name)) for name in dict.fromkeys((*groups, *views)))


def _provenance(report: Report) -> tuple[Fact, ...]:
    run, target = report.run, report.target
    return (
        Fact("Run", run.id),
        Fact("Command", f"launchkit {run.command}"),
        Fact("Environment", run.environment),
        Fact("Outcome", run.outcome),
        Fact("Tool", f"launchkit {run.version}"),
        Fact("Seed", str(run.seed)),
        Fact("Machine", ", ".join(f"{key} {value}" for key, value in sorted(run.machine.items()))),
        Fact("Commit", (target and target.commit) or "not known"),
        *(Fact(f"Journal of {line(source.run, 80)}, SHA-256", source.digest) for source in report.sources),
        Fact("Journals together, SHA-256" if report.sources[1:] else "Journal, SHA-256", run.digest),
        Fact("Target profile, SHA-256", target.profile_digest if target else "none"),
        Fact("Rules and templates, SHA-256", run.rules),
    )
