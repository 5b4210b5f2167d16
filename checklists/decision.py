"""What the outcomes of a phase mean for the exit code of `launchkit check`; pure."""

from collections.abc import Iterable

from checklists.model import Outcome, Severity
from harness.evidence import Status
from harness.exit_codes import ExitCode

_HELD = frozenset({Status.PASS, Status.REHEARSED})


def decide(outcomes: Iterable[Outcome], *, rehearsal: bool) -> ExitCode:
    """FAIL where a blocker failed or waits for what failed.

    UNDECIDED where nothing held, or a blocker of a release is undecided.

    A rehearsal passes with open items: they are listed, and the launch's verdict weighs them.
    """
    outcomes = tuple(outcomes)
    blockers = [outcome for outcome in outcomes if outcome.item.severity is Severity.BLOCKER]
    failed = {outcome.item.id for outcome in outcomes if outcome.status.failed}
    if any(outcome.status.failed or failed.intersection(outcome.blocked_by) for outcome in blockers):
        return ExitCode.FAIL
    if not any(outcome.status in _HELD for outcome in outcomes):
        return ExitCode.UNDECIDED
    if any(outcome.declined for outcome in outcomes):
        return ExitCode.UNDECIDED
    undecided = any(_undecided(outcome.status) for outcome in blockers)
    return ExitCode.UNDECIDED if undecided and not rehearsal else ExitCode.PASS


def _undecided(status: Status) -> bool:
    return status.open and status not in (Status.REHEARSED, Status.SKIPPED)


def word(code: ExitCode, outcomes: Iterable[Outcome]) -> str:
    """The verdict of the check alone, in a word."""
    if code is not ExitCode.PASS:
        return code.name
    return "PASS WITH OPEN ITEMS" if _leaves_open(outcomes) else "PASS"


def strictly(code: ExitCode, outcomes: Iterable[Outcome]) -> ExitCode:
    """The exit code under --strict: a pass with open items is OPEN."""
    return ExitCode.OPEN if code is ExitCode.PASS and _leaves_open(outcomes) else code


def _leaves_open(outcomes: Iterable[Outcome]) -> bool:
    return any(outcome.status not in (Status.PASS, Status.REHEARSED) for outcome in outcomes)
