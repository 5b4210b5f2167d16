"""report.md: the decision in short, for a pull request or a job's page."""

import re
from collections.abc import Iterable, Iterator

from reports.causes import by_cause
from reports.coverage import State
from reports.document import Report
from reports.findings import Finding
from reports.policy import Effect
from reports.text import duration, line, plural

_AT_MOST = 10
_SIGNS = {
    "GO": "✅",
    "GO WITH CONDITIONS": "⚠️",
    "NO-GO": "❌",
    "REHEARSAL PASSED": "◐",
    "REHEARSAL FAILED": "❌",
    "UNDECIDED": "❔",
}


def render_markdown(report: Report) -> str:
    """A short summary; what was observed stands in code spans, where Markdown reads nothing."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    verdict, run = report.verdict, report.run
    yield f"## {_SIGNS[verdict.word]} {verdict.word}"
    yield ""
    yield prose(verdict.sentence, 300)
    yield ""
    if run.rehearsal:
        yield "A rehearsal: it says nothing about a release."
        yield ""
    yield _subject(report)
    yield ""
    yield from _findings(
        "What stops the launch", [f for f in verdict.reasons if f.effect is Effect.STOP], settle=False
    )
    yield from _findings("Open items", verdict.open_items, settle=True)
    yield from _changes(report)
    yield from _people(report)
    yield from _table(report)
    yield f"Run {data(run.id, 60)}, seed {run.seed}, {duration(run.seconds)}, journal {data(run.digest, 64)}."


def _subject(report: Report) -> str:
    target = report.target
    if target is None:
        return "Target: not on record."
    release, commit = target.release or "not named", target.commit or "not known"
    return (
        f"Release {data(release, 80)}, commit {data(commit, 60)}, "
        f"target {data(target.name, 80)} at {data(target.base_url, 120)}, "
        f"{report.run.started_at:%Y-%m-%d %H:%M} UTC."
    )


def _findings(title: str, findings: Iterable[Finding], *, settle: bool) -> Iterator[str]:
    findings = tuple(findings)
    if not findings:
        return
    yield f"### {title}: {len(findings)}"
    yield ""
    causes = by_cause(findings)
    for cause in causes[:_AT_MOST]:
        others = len(cause.findings) - 1
        named = data(cause.first.title, 120) + (f" and {others} more" if others else "")
        yield f"- **{cause.first.status}** {named}{_told(cause.first, settle=settle)}"
    if causes[_AT_MOST:]:
        rest = sum(len(cause.findings) for cause in causes[_AT_MOST:])
        yield f"- and {rest} more, in report.html"
    yield ""


def _told(finding: Finding, *, settle: bool) -> str:
    if settle:
        return f": {prose(finding.settles, 160)}" if finding.settles else ""
    if finding.expected or finding.observed:
        return (
            f": expected {data(finding.expected or '–', 160)}, observed {data(finding.observed or '–', 160)}"
        )
    return f": {data(finding.detail, 200)}" if finding.detail else ""


def _changes(report: Report) -> Iterator[str]:
    changes = report.changes
    if changes is None:
        return
    yield f"### Since run {data(changes.run, 60)}"
    yield ""
    for title, moves in (
        ("newly failing", changes.newly_failing),
        ("fixed", changes.fixed),
        ("numbers moved", changes.numbers),
    ):
        names = ", ".join(data(f"{m.title}: {m.before} → {m.after}", 160) for m in moves[:_AT_MOST])
        yield f"- {len(moves)} {title}" + (f": {names}" if names else "")
    yield ""


def _people(report: Report) -> Iterator[str]:
    found = report.decisions
    if not (found.waivers or found.awaited):
        return
    yield "### Waivers and sign-offs"
    yield ""
    for waiver in found.waivers[:_AT_MOST]:
        until = f"expires {data(waiver.expires, 40)}"
        yield f"- waiver **{prose(waiver.state, 20)}**: {data(waiver.title, 120)}, {until}"
    for desk in found.awaited[:_AT_MOST]:
        names = ", ".join(data(awaited.title, 120) for awaited in desk.items[:_AT_MOST])
        yield f"- awaited of {data(desk.role, 60)}: {names}"
    yield ""


def _table(report: Report) -> Iterator[str]:
    yield "| part | observed |"
    yield "|---|---|"
    for count in report.counts:
        said = ", ".join(f"{number} {status}" for status, number in count.statuses.items())
        yield f"| {count.part} | {said} |"
    states = [covered.state for covered in report.verdict.coverage]
    said = ", ".join(f"{states.count(state)} {state}" for state in reversed(State) if state in states)
    yield f"| {plural(len(states), 'requirement')} | {said} |"
    yield ""


def prose(text: str, limit: int) -> str:
    """A sentence in which some words may have been observed: what Markdown would act on is escaped."""
    flat = line(text, limit).replace("@", "＠")
    escaped = re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", flat)
    return escaped.replace("://", r":\/\/").replace("www.", r"www\.")


def data(text: str, limit: int) -> str:
    """Observed text as a code span: no mention, link, image, table cell or HTML comes of it."""
    flat = line(text, limit).replace("`", "ˋ").replace("|", "¦")
    return f"`{flat}`" if flat else "` `"
