"""What a run says on the terminal: a line every so often, and how it ended."""

from harness.evidence import Status
from harness.load_result import CriterionOutcome, LoadResult, LoadVerdict, Mode
from loadtests.measurement import Measurement
from loadtests.options import Job
from loadtests.summary import latencies, select

MARK = "launchkit │ "  # so that our lines are told from locust's


def progress_line(job: Job, measurement: Measurement, seconds: range) -> str:
    """The seconds that have passed since the last line."""
    cells = list(select(measurement, seconds=seconds))
    sent, errors = sum(cell.sent for cell in cells), sum(cell.errors for cell in cells)
    latency = latencies(cells)
    p95 = f"p95 {latency.percentile(95):7.1f} ms" if latency.count else "no answers yet"
    phases = ", ".join(dict.fromkeys(key.phase for key in measurement.cells if key.second in seconds))
    rate = sent / len(seconds) if seconds else 0.0
    return (
        f"{MARK}{job.plan.scenario.name} {seconds.stop:4d}/{job.plan.seconds:.0f} s  {phases:<8s} "
        f"{rate:6.1f} requests/s  {p95}  errors {errors}"
    )


def summary_lines(result: LoadResult) -> list[str]:
    """The verdict first, then each criterion."""
    return [
        f"{MARK}{line}"
        for line in (
            headline(result),
            *(
                f"  {criterion.status.upper():<10s} {criterion.id}: {criterion.expected}; "
                f"observed {criterion.observed}{_remark(criterion)}"
                for criterion in result.criteria
            ),
        )
    ]


def _remark(criterion: CriterionOutcome) -> str:
    """What makes a whole run invalid is in its headline."""
    return f" ({criterion.message})" if criterion.message and criterion.status is not Status.INVALID else ""


def headline(result: LoadResult) -> str:
    label = "" if result.mode is Mode.FULL else f" ({result.mode})"
    ended = f"; ended early: {result.partial}" if result.partial else ""
    return f"{result.scenario}{label}: {result.verdict}{reason(result)}{ended}"


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
