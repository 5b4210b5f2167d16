"""Holds one rule against what was measured: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from harness.evidence import Status
from harness.load_result import ProcessSample
from loadtests.drift import Slope, slope_of
from loadtests.histogram import Histogram
from loadtests.measurement import Cell, Measurement
from loadtests.plan import Plan
from loadtests.recovery import watch
from loadtests.rules import (
    Errors,
    Latency,
    LatencyDrift,
    MemoryDrift,
    Recovery,
    Restarts,
    Rule,
    Service,
    Statuses,
)
from loadtests.summary import latencies, select, services
from loadtests.windows import latencies_by_second, windows

_ROOM = 1.25  # a growth so many times the limit has to be excluded before a drift passes


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a run left behind. `seconds` is how long it really lasted."""

    plan: Plan
    measurement: Measurement
    seconds: float
    samples: tuple[ProcessSample, ...] = ()
    oom_kills: int = 0  # by this machine's kernel, meanwhile: of whomever


@dataclass(frozen=True, slots=True)
class Finding:
    """PASS, FAIL or UNDECIDED; `too_short` where only a longer run could have decided."""

    status: Status
    observed: str
    message: str = ""
    too_short: bool = False


def find(rule: Rule, evidence: Evidence) -> Finding:
    match rule:
        case LatencyDrift() | MemoryDrift():
            return _drift(rule, evidence)
        case Latency():
            return _percentile(rule, evidence)
        case Errors() | Statuses():
            return _share(rule, evidence)
        case Recovery():
            return _recovery(rule, evidence)
        case Restarts():
            return _restarts(rule, evidence)


def _decided(holds: bool, observed: str, message: str = "") -> Finding:
    return Finding(Status.PASS if holds else Status.FAIL, observed, "" if holds else message)


def _undecided(observed: str, message: str, *, too_short: bool = False) -> Finding:
    return Finding(Status.UNDECIDED, observed, message, too_short)


def _percentile(rule: Latency, evidence: Evidence) -> Finding:
    parts = windows(rule, evidence.measurement)
    if parts is None:
        return _window_too_long(rule.window_seconds, evidence)
    merge = services if isinstance(rule, Service) else latencies
    needed = _enough(rule.percentile)
    spans = [_Span(begin, merge(cells), _sum(cells)) for begin, cells in parts]
    values = [(s.answers.percentile(rule.percentile), s.begin) for s in spans if s.answers.count >= needed]
    if not values:
        return _undecided(
            f"{max((span.answers.count for span in spans), default=0)} answers",
            f"a p{rule.percentile:g} needs at least {needed} answers",
            too_short=all(span.sent < needed for span in spans) and any(span.sent for span in spans),
        )
    value, begin = max(values)
    observed = f"p{rule.percentile:g} {value:.1f} ms{_place(rule, begin)}"
    decided = _decided(
        value < rule.below_ms,
        observed,
        f"{value / rule.below_ms:.1f} times the limit of {rule.below_ms:g} ms",
    )
    if rule.window_seconds is None or decided.status is Status.FAIL:
        return decided
    return _gap(rule, spans, needed) or decided


@dataclass(frozen=True, slots=True)
class _Span:
    """A window, or the whole run."""

    begin: int
    answers: Histogram
    whole: Cell

    @property
    def sent(self) -> int:
        return self.whole.sent

    @property
    def unanswered(self) -> int:
        """What is still on its way, when a run breaks off, is not."""
        return min(self.whole.errors, self.whole.sent - self.answers.count)


def _gap(rule: Latency, spans: Sequence[_Span], needed: int) -> Finding | None:
    """In every window means also where hardly anything was answered: that is worse than any latency."""
    for span in spans:
        ended = span.answers.count + span.unanswered
        if ended >= needed and span.unanswered > ended * (1 - rule.percentile / 100):
            observed = f"{span.answers.count} of {ended} requests answered{_place(rule, span.begin)}"
            return _decided(False, observed, _reasons([span.whole]))
    for span in spans:
        if span.sent and span.answers.count < needed:
            observed = f"{span.answers.count} answers{_place(rule, span.begin)}"
            return _undecided(observed, f"a p{rule.percentile:g} needs at least {needed} answers")
    return None


def _place(rule: Latency, begin: int) -> str:
    return f" in the {rule.window_seconds} s from second {begin}" if rule.window_seconds else ""


def _share(rule: Errors | Statuses, evidence: Evidence) -> Finding:
    parts = windows(rule, evidence.measurement)
    if parts is None:
        return _window_too_long(rule.window_seconds, evidence)
    totals = [whole for _, cells in parts if (whole := _sum(cells)).sent]
    if not totals:
        return _undecided("no requests", "nothing was sent, so nothing can be said")
    if isinstance(rule, Statuses):
        number = max(_of_kind(cell, rule.kind) for cell in totals)
        return _decided(number <= rule.at_most, f"{number} answers {rule.kind}", _reasons(totals))
    worst = max(totals, key=lambda cell: cell.errors / cell.sent)
    percent = worst.errors / worst.sent * 100
    observed = f"{worst.errors} of {worst.sent} ({percent:.3g} %)"
    return _decided(percent < rule.below_percent, observed, _reasons([worst]))


def _recovery(rule: Recovery, evidence: Evidence) -> Finding:
    watched = watch(rule, evidence.measurement)
    if watched is None:
        before = latencies(select(evidence.measurement, phase=rule.before)).count
        after = len(latencies_by_second(evidence.measurement, lambda key: key.phase == rule.after))
        return _undecided(
            f"{before} answers before, {after} s after", "too little to compare", too_short=True
        )
    story = f"p95 {watched.baseline:.1f} ms before, limit {watched.limit:.1f} ms"
    if watched.took is not None:
        observed = f"back after {watched.took} s; {story}"
        return _decided(watched.took <= rule.within_seconds, observed, "it recovers too slowly")
    observed = f"not back after {watched.seconds} s; {story}"
    if watched.seconds < rule.within_seconds:
        return _undecided(observed, "the run was too short", too_short=True)
    return _decided(False, observed, "it did not recover while watched")


def _restarts(rule: Restarts, evidence: Evidence) -> Finding:
    samples = evidence.samples
    if not samples:
        return _undecided(
            "no samples", "the profile names no process that lives; add `processes` to it to have this judged"
        )
    number = max(sample.restarts for sample in samples)
    observed = f"{number} processes of the target ended"
    killed = f"this machine's kernel killed {evidence.oom_kills} processes for memory meanwhile"
    if number > rule.at_most:
        hint = "look for out-of-memory kills in the kernel's log and for crashes in the target's"
        return _decided(False, observed, killed if evidence.oom_kills else hint)
    if evidence.oom_kills:
        # One that is killed between two samples and was born between them too is never seen.
        return _undecided(observed, f"{killed}: whether it was one of the target's is not known")
    return _decided(True, observed)


def _drift(rule: MemoryDrift, evidence: Evidence) -> Finding:
    begin, end = _span(evidence.plan, rule.phase)
    watched = min(end, evidence.seconds) - begin
    if watched < rule.needs_seconds:
        return _undecided(
            f"{max(0.0, watched):.0f} s", f"drift needs {rule.needs_seconds} s to show", too_short=True
        )
    slope = (
        _latency_slope(evidence, begin, end)
        if isinstance(rule, LatencyDrift)
        else _memory_slope(evidence.samples, begin, end)
    )
    if slope is None:
        return _undecided("too few samples", "no processes to follow, or hardly any answers")
    observed = f"{slope.estimate:+.3g} {rule.unit} (98 % interval {slope.low:+.3g} to {slope.high:+.3g})"
    visible = f"the smallest growth that this run could have seen is {slope.smallest:.2g} {rule.unit}"
    if slope.estimate >= rule.below and slope.low > 0:
        return Finding(Status.FAIL, observed, f"it grows; {visible}")
    if slope.estimate < rule.below and slope.high < rule.below * _ROOM:
        return Finding(Status.PASS, observed, visible)
    return _undecided(observed, f"a longer run would tell; {visible}")


def _latency_slope(evidence: Evidence, begin: float, end: float) -> Slope | None:
    seconds = latencies_by_second(evidence.measurement, lambda key: begin <= key.second < end)
    series = [(second, merged.midmean) for second, merged in sorted(seconds.items()) if merged.count]
    if not series:
        return None
    usual = median(value for _, value in series)
    return slope_of([s / 60 for s, _ in series], [value / usual * 100 for _, value in series])


def _memory_slope(samples: Sequence[ProcessSample], begin: float, end: float) -> Slope | None:
    inside = [sample for sample in samples if begin <= sample.t <= end]
    return slope_of([sample.t / 60 for sample in inside], [sample.rss / 1e6 for sample in inside])


def _window_too_long(window: int | None, evidence: Evidence) -> Finding:
    return _undecided(
        f"{evidence.seconds:.0f} s", f"its window of {window} s is longer than the run", too_short=True
    )


def _span(plan: Plan, phase: str) -> tuple[float, float]:
    """When a phase begins and ends, in seconds from the start."""
    begin = 0.0
    for stage in plan.stages:
        if stage.phase == phase:
            return begin, begin + stage.seconds
        begin += stage.seconds
    return 0.0, plan.seconds


def _sum(cells: Iterable[Cell]) -> Cell:
    whole = Cell()
    for cell in cells:
        whole.add(cell)
    return whole


def _of_kind(cell: Cell, kind: str) -> int:
    return sum(count for status, count in cell.statuses.items() if status[0] == kind[0])


def _reasons(cells: Iterable[Cell]) -> str:
    counts = _sum(cells).failures.most_common(3)
    return ", ".join(f"{count} × {reason}" for reason, count in counts)


def _enough(percent: float) -> int:
    """Answers below which a percentile is just the largest of them."""
    return max(20, round(1 / (1 - percent / 100)))
