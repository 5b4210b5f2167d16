"""What one observation, phase or missing part means for the verdict."""

import msgspec

from harness.evidence import Source, Status
from harness.journal import Entry
from reports.policy import Effect, Policy, Severity
from reports.text import line

_TEXT = 1000  # characters kept of each text in a finding; the journal holds the whole
_TITLE = 160


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that speaks for or against the launch.

    `where` is `source/id` of an observation, `phase/name` or `part/name`; `settles` says what would close it.
    """

    title: str
    effect: Effect
    severity: Severity
    where: str
    status: str
    detail: str = ""
    expected: str = ""
    observed: str = ""
    owner: str = ""
    fix: str = ""
    settles: str = ""
    requirements: tuple[str, ...] = ()


def judge(entry: Entry, policy: Policy, failed_ids: frozenset[str]) -> Finding:
    """What an observation means.

    Of its evidence these keys are read where they are texts: `title`, `severity` (blocker, major, minor),
    `owner`, `fix` (what to do about a failure), `settles` (what would close an open item); and `blocked_by`,
    a list of ids, that says what a blocked item needed.
    """
    severity = _severity(entry, policy)
    return Finding(
        title=line(_text(entry, "title") or entry.id, _TITLE),
        effect=_effect(entry, severity, policy, failed_ids),
        severity=severity,
        where=f"{entry.source}/{entry.id}",
        status=str(entry.status),
        detail=line(entry.message, _TEXT),
        expected=line(entry.expected, _TEXT),
        observed=line(entry.observed, _TEXT),
        owner=line(_text(entry, "owner") or _text(entry, "role"), _TITLE),
        fix=line(_text(entry, "fix"), _TEXT),
        settles=line(_text(entry, "settles") or policy.settles.get(entry.status, ""), _TEXT),
        requirements=entry.requirements,
    )


def _severity(entry: Entry, policy: Policy) -> Severity:
    word = _text(entry, "severity")
    return Severity(word) if word in {member.value for member in Severity} else policy.default_severity


def _effect(entry: Entry, severity: Severity, policy: Policy, failed_ids: frozenset[str]) -> Effect:
    if entry.status is Status.BLOCKED and severity is Severity.BLOCKER:
        needs = entry.evidence.get("blocked_by")
        if isinstance(needs, list) and any(need in failed_ids for need in needs if isinstance(need, str)):
            return Effect.STOP
    return policy.effect(entry.status, severity)


def _text(entry: Entry, key: str) -> str:
    value = entry.evidence.get(key)
    return value if isinstance(value, str) else ""


def gap(title: str, detail: str, *, where: str, settles: str, effect: Effect = Effect.UNDECIDED) -> Finding:
    """Something that is missing from the record as a whole."""
    return Finding(
        title=title,
        effect=effect,
        severity=Severity.BLOCKER,
        where=where,
        status="fail" if effect is Effect.STOP else "undecided",
        detail=line(detail, _TEXT),
        settles=settles,
    )


PART_NAMES = {
    Source.LAUNCH: "The launch itself",
    Source.CONTRACT: "The contract suite",
    Source.LOAD: "The load run",
    Source.CHECKLIST: "The checklist",
}
PART_COMMANDS = {
    Source.LAUNCH: "launchkit launch",
    Source.CONTRACT: "launchkit contract",
    Source.LOAD: "launchkit load",
    Source.CHECKLIST: "launchkit check",
}
