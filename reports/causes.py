"""Findings of one cause, told together: a dead database is one reason, not twenty."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.findings import Finding
from reports.policy import Effect


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings that the same thing explains, or would settle; there is at least one."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def title(self) -> str:
        others = len(self.findings) - 1
        return self.first.title + (f" and {others} more" if others else "")

    @property
    def owner(self) -> str:
        """Of all of them, else empty."""
        return _common(finding.owner for finding in self.findings)

    @property
    def detail(self) -> str:
        """Of all of them, else empty."""
        return _common(finding.detail for finding in self.findings)


def by_cause(findings: Iterable[Finding]) -> tuple[Cause, ...]:
    """In the order of each cause's first finding."""
    causes: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        causes.setdefault(_cause(finding), []).append(finding)
    return tuple(Cause(tuple(found)) for found in causes.values())


def _cause(finding: Finding) -> tuple[str, ...]:
    """What stops a launch is told by what was seen, what is open by what would settle it."""
    if finding.effect is Effect.STOP:
        seen = (finding.detail, finding.expected, finding.observed)
        return (finding.status, *(seen if any(seen) else (finding.where,)), finding.fix)
    if finding.effect is Effect.NONE and not finding.settles:
        return (finding.status, finding.where)
    return (finding.status, finding.settles)


def _common(texts: Iterable[str]) -> str:
    found = set(texts)
    return found.pop() if len(found) == 1 else ""
