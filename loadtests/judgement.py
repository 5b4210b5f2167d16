"""From findings to a verdict: pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from harness.evidence import Status
from harness.exit_codes import ExitCode
from harness.load_result import CriterionOutcome, LoadVerdict, Mode, Reconciliation
from loadtests.criteria import Criterion
from loadtests.ending import EndedBy, Ending
from loadtests.exposition import Uncounted, unexplained
from loadtests.findings import Evidence, Finding, find
from loadtests.measurement import OWN_FAILURE, Measurement
from loadtests.summary import lateness

LATE_SHARE = 0.01  # of all starts: more make a run invalid

EXIT_CODES = {
    LoadVerdict.PASS: ExitCode.PASS,
    LoadVerdict.FAIL: ExitCode.FAIL,
    LoadVerdict.INVALID: ExitCode.UNDECIDED,
    LoadVerdict.UNDECIDED: ExitCode.UNDECIDED,
}


def judge(
    criteria: Sequence[Criterion], evidence: Evidence, ending: Ending | None
) -> tuple[LoadVerdict, tuple[CriterionOutcome, ...]]:
    """The verdict and what became of each criterion; no ending is that of a run that was whole.

    A target that died failed. A generator that fell short says nothing, neither good nor bad, and that
    answers came late or not at all least of it; only connections refused or cut are the target's alone.
    """
    flaw = invalidity(evidence.measurement, ending)
    findings = [(criterion, find(criterion.rule, evidence)) for criterion in criteria]
    if ending is not None:
        findings = [(criterion, _interrupted(finding, ending.reason)) for criterion, finding in findings]
    mode = evidence.plan.mode
    outcomes = tuple(_outcome(criterion, finding, mode, flaw) for criterion, finding in findings)
    died = ending.reason if ending is not None and ending.by is EndedBy.TARGET else ""
    if died and (not flaw or _hung_up(evidence.measurement)):
        return LoadVerdict.FAIL, (*outcomes, _death(criteria, died))
    if flaw:
        return LoadVerdict.INVALID, outcomes
    return _verdict([finding for _, finding in findings], mode), outcomes


def with_counts(
    verdict: LoadVerdict,
    outcomes: tuple[CriterionOutcome, ...],
    counts: Reconciliation | Uncounted,
    mode: Mode,
) -> tuple[LoadVerdict, tuple[CriterionOutcome, ...]]:
    """Also judged by whether the target counted the requests that we did."""
    if isinstance(counts, Uncounted):
        unknown = CriterionOutcome(
            id="counts",
            requirements=outcomes[0].requirements[:1],
            expected="the target counts the requests that were answered",
            observed="not known",
            status=Status.UNDECIDED,
            message=counts.reason,
        )
        still = LoadVerdict.UNDECIDED if verdict is LoadVerdict.PASS else verdict
        return still, (*outcomes, unknown)
    failed = unexplained(counts)
    outcome = CriterionOutcome(
        id="counts",
        requirements=outcomes[0].requirements[:1],
        expected=f"{counts.metric} counts the requests that were answered",
        observed=f"{counts.server} counted, {counts.client} answered",
        status=Status.FAIL if failed else Status.PASS if mode is Mode.FULL else Status.REHEARSED,
        message=counts.explanation,
    )
    return LoadVerdict.FAIL if failed else verdict, (*outcomes, outcome)


def _hung_up(measurement: Measurement) -> bool:
    reasons = {reason for cell in measurement.cells.values() for reason in cell.failures}
    return any(reason.startswith("connection_") for reason in reasons)


def _death(criteria: Sequence[Criterion], partial: str) -> CriterionOutcome:
    requirements = dict.fromkeys(name for criterion in criteria for name in criterion.requirements)
    return CriterionOutcome(
        id="survives",
        requirements=tuple(requirements),
        expected="the target answers until the end",
        observed=partial,
        status=Status.FAIL,
        message=partial,
    )


def invalidity(measurement: Measurement, ending: Ending | None) -> str:
    """Why the measurement says nothing of the target, empty where it does."""
    if ending is not None and ending.by is EndedBy.GENERATOR:
        return ending.reason
    late = lateness(measurement)
    if late.share > LATE_SHARE:
        return (
            f"the generator itself was late: {late.share:.1%} of {late.starts} starts left it more than "
            f"{late.limit_ms:g} ms after they were due (at most {LATE_SHARE:.0%} may)"
        )
    lacking = Counter[str]()
    for cell in measurement.cells.values():
        lacking.update({why: n for why, n in cell.failures.items() if why.startswith(OWN_FAILURE)})
    if lacking:
        told = ", ".join(f"{count} × {reason}" for reason, count in lacking.items())
        return f"the generator itself could not send all requests: {told} (what this machine lacks)"
    return ""


def _verdict(findings: Iterable[Finding], mode: Mode) -> LoadVerdict:
    findings = list(findings)
    statuses = {finding.status for finding in findings}
    if Status.FAIL in statuses:
        return LoadVerdict.FAIL
    # A rehearsal cannot decide what takes longer than it lasts: that stays open, and is listed.
    excused = mode is not Mode.FULL
    missing = [f for f in findings if f.status is Status.UNDECIDED and not (excused and f.too_short)]
    if missing or Status.PASS not in statuses:
        return LoadVerdict.UNDECIDED
    return LoadVerdict.PASS


def _interrupted(finding: Finding, partial: str) -> Finding:
    """What held until the run broke off has not held."""
    if finding.status is not Status.PASS:
        return finding
    return Finding(Status.UNDECIDED, finding.observed, f"held until the run ended early: {partial}")


def _outcome(criterion: Criterion, finding: Finding, mode: Mode, flaw: str) -> CriterionOutcome:
    status = finding.status
    if flaw:
        status = Status.INVALID
    elif status is Status.PASS and mode is not Mode.FULL:
        status = Status.REHEARSED
    return CriterionOutcome(
        id=criterion.id,
        requirements=criterion.requirements,
        expected=str(criterion.rule),
        observed=finding.observed,
        status=status,
        message=flaw or finding.message,
    )
