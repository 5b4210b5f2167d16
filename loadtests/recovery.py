"""When the latency was back after a spike: pure."""

from dataclasses import dataclass

from harness.load_result import Recovery
from loadtests import rules
from loadtests.criteria import Criterion
from loadtests.histogram import Histogram
from loadtests.measurement import Measurement
from loadtests.summary import latencies, select
from loadtests.windows import latencies_by_second

ENOUGH = 20  # answers below which a p95 is just the largest of them


@dataclass(frozen=True, slots=True)
class Watched:
    """The p95 of each window of the phase after, ms, null where nothing was answered; `began` is a second."""

    baseline: float
    limit: float
    began: int
    seconds: int
    windows: tuple[float | None, ...]

    @property
    def took(self) -> int | None:
        """Seconds until the first window from which on every one is within the limit; None where none is."""
        bad = [n for n, p95 in enumerate(self.windows) if p95 is None or p95 > self.limit]
        if not bad:
            return 0
        return None if bad[-1] == len(self.windows) - 1 else bad[-1] + 1


def watch(rule: rules.Recovery, measurement: Measurement) -> Watched | None:
    """None where there is too little to compare."""
    before = latencies(select(measurement, phase=rule.before))
    seconds = latencies_by_second(measurement, lambda key: key.phase == rule.after)
    if before.count < ENOUGH or len(seconds) < rule.window_seconds:
        return None
    baseline, began = before.percentile(95), min(seconds)
    watched = max(seconds) - began + 1
    return Watched(
        baseline=baseline,
        limit=max(baseline * rule.factor, baseline + rule.margin_ms),
        began=began,
        seconds=watched,
        windows=tuple(
            _p95(seconds, begin, rule.window_seconds)
            for begin in range(began, began + watched - rule.window_seconds + 1)
        ),
    )


def recoveries(criteria: tuple[Criterion, ...], measurement: Measurement) -> tuple[Recovery, ...]:
    """One for each criterion of that kind that there was enough to judge by."""
    asked = [(c.id, c.rule) for c in criteria if isinstance(c.rule, rules.Recovery)]
    return tuple(
        Recovery(
            criterion=name,
            phase=rule.after,
            began=watched.began,
            limit_ms=round(watched.limit, 3),
            within_seconds=rule.within_seconds,
            window_seconds=rule.window_seconds,
            took=watched.took,
            p95=tuple(None if p95 is None else round(p95, 3) for p95 in watched.windows),
        )
        for name, rule in asked
        if (watched := watch(rule, measurement)) is not None
    )


def _p95(seconds: dict[int, Histogram], begin: int, length: int) -> float | None:
    window = Histogram.merged(seconds[s] for s in range(begin, begin + length) if s in seconds)
    return window.percentile(95) if window.count else None
