"""The verdict in words for people."""

from collections import Counter
from collections.abc import Sequence

from harness.evidence import Source, Status
from harness.journal import Record
from reports.findings import PART_NAMES, Finding
from reports.policy import Effect, Severity
from reports.text import line, plural


def sentence(
    word: str,
    record: Record,
    stops: Sequence[Finding],
    open_items: Sequence[Finding],
    gaps: Sequence[Finding],
) -> str:
    """One sentence that says what was decided and why."""
    if stops:
        return f"{_agree(stops, 'finding', 'stops')} the launch; first: {_named(stops[0])}."
    if word == "UNDECIDED":
        missing = [finding for finding in gaps if finding.effect is Effect.UNDECIDED] or open_items
        more = f", and {len(missing) - 1} more" if missing[1:] else ""
        return f"There is no decision: {_named(missing[0])}{more}."
    if word == "REHEARSAL PASSED":
        rest = f"{_agree(open_items, 'item', 'stays')} open" if open_items else "nothing stayed open"
        return f"All that could be decided on this machine held; {rest} before a release."
    if open_items:
        return f"Nothing stops the launch; {_agree(open_items, 'condition', 'goes')} with it."
    return f"All {plural(len(record.entries), 'observation')} support the launch and nothing is open."


def good_news(record: Record) -> tuple[Finding, ...]:
    """What held, a line a part, for the end of the reasons."""
    counted = ((part, Counter(entry.status for entry in record.of(part))) for part in Source)
    return tuple(
        _held(part, counts) for part, counts in counted if counts[Status.PASS] or counts[Status.REHEARSED]
    )


def _held(part: Source, counts: Counter[Status]) -> Finding:
    rehearsed = counts[Status.REHEARSED]
    held = counts[Status.PASS] + rehearsed
    return Finding(
        title=f"{PART_NAMES[part]}: {held} of {counts.total()} held"
        + (f", {rehearsed} of them only rehearsed" if rehearsed else ""),
        effect=Effect.NONE,
        severity=Severity.MINOR,
        where=f"part/{part}",
        status=str(Status.REHEARSED if rehearsed else Status.PASS),
    )


def _agree(findings: Sequence[Finding], noun: str, verb: str) -> str:
    plain = {"stops": "stop", "stays": "stay", "goes": "go"}[verb]
    return f"{plural(len(findings), noun)} {verb if len(findings) == 1 else plain}"


def _named(finding: Finding) -> str:
    title = finding.title
    if finding.where.startswith(("part/", "phase/")):  # a sentence of ours, not a name of theirs
        title = title[:1].lower() + title[1:]
    return line(title, 120)
