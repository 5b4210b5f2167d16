"""The verdict: decided once, purely, from a record and the policy."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from harness.evidence import Status
from harness.exit_codes import ExitCode
from harness.journal import Record
from harness.requirements import Requirement
from reports.coverage import Covered, cover
from reports.findings import Finding, judge
from reports.gaps import find_gaps
from reports.lacks import find_lacks
from reports.policy import Effect, Policy, Severity
from reports.sentences import good_news, sentence
from reports.unasked import unasked


class Word(StrEnum):
    """GO and NO-GO are words for a real target; an embedded one can only rehearse."""

    REHEARSAL_PASSED = "REHEARSAL PASSED"
    REHEARSAL_FAILED = "REHEARSAL FAILED"
    GO = "GO"
    GO_WITH_CONDITIONS = "GO WITH CONDITIONS"
    NO_GO = "NO-GO"
    UNDECIDED = "UNDECIDED"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`reasons` are ordered by importance; `open_items` say each what would settle them.

    `coverage` holds every requirement. `exit_code` is that of a command without --strict.
    """

    word: Word
    exit_code: int
    sentence: str
    reasons: tuple[Finding, ...]
    open_items: tuple[Finding, ...]
    coverage: tuple[Covered, ...]

    def exit_code_under(self, *, strict: bool) -> ExitCode:
        """The exit code of a command; `strict` turns a pass with conditions or open items into OPEN."""
        code = ExitCode(self.exit_code)
        return ExitCode.OPEN if strict and code is ExitCode.PASS and self.open_items else code


_EXIT_CODES = {
    Word.REHEARSAL_PASSED: ExitCode.PASS,
    Word.GO: ExitCode.PASS,
    Word.GO_WITH_CONDITIONS: ExitCode.PASS,
    Word.REHEARSAL_FAILED: ExitCode.FAIL,
    Word.NO_GO: ExitCode.FAIL,
    Word.UNDECIDED: ExitCode.UNDECIDED,
}
_EFFECTS, _SEVERITIES = tuple(Effect), tuple(Severity)


def decide(record: Record, policy: Policy, requirements: Iterable[Requirement]) -> Verdict:
    """Decide what a record means. Fail beats undecided; no evidence is never green."""
    requirements = tuple(requirements)
    failed = frozenset(entry.id for entry in record.entries if entry.status.failed)
    judged = [judge(entry, policy, failed) for entry in (*record.entries, *unasked(record))]
    coverage = cover(record.entries, requirements)
    gaps = [*find_gaps(record, policy), *find_lacks(record, policy, coverage)]
    word = _word(record, judged, gaps)
    open_items = _by_importance(finding for finding in (*gaps, *judged) if _is_open(finding))
    stops = [finding for finding in (*gaps, *judged) if finding.effect is Effect.STOP]
    return Verdict(
        word=word,
        exit_code=int(_EXIT_CODES[word]),
        sentence=sentence(word, record, _by_importance(stops), open_items, gaps),
        reasons=(*_by_importance(stops), *open_items, *good_news(record)),
        open_items=open_items,
        coverage=coverage,
    )


def _word(record: Record, judged: list[Finding], gaps: list[Finding]) -> Word:
    rehearsal = record.header.about.rehearsal
    effects = {finding.effect for finding in gaps}
    undecided = Effect.UNDECIDED in effects  # in a rehearsal only a gap of the whole leaves it undecided
    effects |= {finding.effect for finding in judged}
    if Effect.STOP in effects:
        return Word.REHEARSAL_FAILED if rehearsal else Word.NO_GO
    if rehearsal:
        return Word.UNDECIDED if undecided else Word.REHEARSAL_PASSED
    if Effect.UNDECIDED in effects:
        return Word.UNDECIDED
    return Word.GO_WITH_CONDITIONS if Effect.CONDITION in effects else Word.GO


def _is_open(finding: Finding) -> bool:
    unsettled = finding.status in {status.value for status in Status if status.open}
    return finding.effect in (Effect.UNDECIDED, Effect.CONDITION) or (
        unsettled and finding.effect is not Effect.STOP
    )


def _by_importance(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Gravest effect first, then gravest severity, then the order of the journal."""
    return tuple(sorted(findings, key=lambda f: (_EFFECTS.index(f.effect), _SEVERITIES.index(f.severity))))
