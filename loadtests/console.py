"""What a run says on the terminal: a line every so often, and how it ended."""

import msgspec

from harness.evidence import Status
from harness.load_result import CriterionOutcome, LoadResult, LoadVerdict, labelled
from loadtests.ticks import Tick

MARK = "launchkit │ "  # so that our lines are told from locust's


def progress_line(tick: Tick, *, machine: bool) -> str:
    """For the process that started this one as JSON, for people as it reads."""
    return f"{MARK}{msgspec.json.encode(tick).decode() if machine else tick}"


def read_progress(line: str) -> str | Tick:
    """What a line without its mark says."""
    if not line.startswith("{"):
        return line
    return msgspec.json.decode(line, type=Tick)


def summary_lines(result: LoadResult) -> list[str]:
    """The verdict first, then each criterion, then what else is to be known."""
    return [
        f"{MARK}{line}"
        for line in (
            headline(result),
            *(
                f"  {criterion.status.upper():<10s} {criterion.id}: {criterion.expected}; "
                f"observed {criterion.observed}{_remark(criterion)}"
                for criterion in result.criteria
            ),
            *(f"  note: {note}" for note in result.notes),
        )
    ]


def _remark(criterion: CriterionOutcome) -> str:
    """What makes a whole run invalid is in its headline."""
    return f" ({criterion.message})" if criterion.message and criterion.status is not Status.INVALID else ""


def headline(result: LoadResult) -> str:
    why = reason(result)
    ended = f"; ended early: {result.partial}" if result.partial and result.partial not in why else ""
    return f"{labelled(result.scenario, result.mode)}: {result.verdict}{why}{ended}"


def reason(result: LoadResult) -> str:
    """The first thing that explains a verdict that is not PASS."""
    wanted = {
        LoadVerdict.FAIL: Status.FAIL,
        LoadVerdict.INVALID: Status.INVALID,
        LoadVerdict.UNDECIDED: Status.UNDECIDED,
    }.get(result.verdict)
    for criterion in result.criteria:
        if criterion.status is wanted:
            if wanted is Status.INVALID:
                return f": {criterion.message}"
            return f": {criterion.id}: {criterion.observed}, expected {criterion.expected}"
    return ""
