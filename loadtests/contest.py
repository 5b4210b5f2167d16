"""Runs the same load several times, on one target or on two in turn, and compares what came out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.errors import CouldNotDecideError
from harness.evidence import Observation, Source, Status
from harness.load_result import LoadResult, LoadVerdict, Mode
from loadtests.baselines import Baseline, comparable, stored
from loadtests.comparison import Change, Comparison, compare_interleaved, compare_stored
from loadtests.console import headline
from loadtests.generator import Order, Tell, generate

_TRIES = 3  # a run that is invalid is made anew
_STATUS = {
    Change.WORSE: Status.FAIL,
    Change.SAME: Status.PASS,
    Change.BETTER: Status.PASS,
    Change.CANNOT_TELL: Status.UNDECIDED,
}


@dataclass(frozen=True, slots=True)
class Contest:
    """One order, carried out in a folder of each run's own under `folder`."""

    order: Order
    folder: Path
    tell: Tell

    def runs(self, count: int) -> list[LoadResult]:
        """All of them comparable but the last: one that ended otherwise is the last, such as that of a death.

        Raises CouldNotDecideError where a valid run cannot be had even when it is repeated.
        """
        found: list[LoadResult] = []
        while len(found) < count and all(map(comparable, found)):
            found.append(self._run(self.order, f"{len(found) + 1}"))
        return found

    def rounds(self, other: Path, count: int) -> tuple[list[LoadResult], list[LoadResult]]:
        """Runs of the other profile and of ours, in rounds of other, ours, ours, other.

        As of `runs`, the last of ours may have ended otherwise. Raises CouldNotDecideError where one of the
        other's did.
        """
        theirs: list[LoadResult] = []
        ours: list[LoadResult] = []
        for number in range(1, count + 1):
            for place, mine in enumerate((False, True, True, False)):
                order = self.order if mine else replace(self.order, profile=other)
                self.tell(f"round {number} of {count}: {'this target' if mine else other}")
                result = self._run(order, f"{number}-{place}")
                (ours if mine else theirs).append(result)
                if comparable(result):
                    continue
                if mine:
                    return theirs, ours
                raise CouldNotDecideError(f"there is nothing to compare with: {other}: {headline(result)}")
        return theirs, ours

    def _run(self, order: Order, name: str) -> LoadResult:
        for attempt in range(_TRIES):
            result = generate(
                replace(order, seed=order.seed + attempt), self.folder / "runs" / name, self.tell
            )
            if result.verdict is not LoadVerdict.INVALID:
                return result
            self.tell(f"run {name} is invalid: once more")
        raise CouldNotDecideError(f"{_TRIES} runs in a row were invalid", hint="is the machine too busy?")


def compared_with_stored(baseline: Baseline, results: Sequence[LoadResult]) -> Comparison:
    return compare_stored([run.p95 for run in baseline.runs], [stored(result).p95 for result in results])


def compared_in_turn(theirs: Sequence[LoadResult], ours: Sequence[LoadResult]) -> Comparison:
    return compare_interleaved([stored(r).p95 for r in theirs], [stored(r).p95 for r in ours])


def observed(comparison: Comparison, result: LoadResult, other: str) -> Observation:
    """What a comparison adds to the run's evidence."""
    status = _STATUS[comparison.change]
    if status is Status.PASS and result.mode is not Mode.FULL:
        status = Status.REHEARSED
    return Observation(
        source=Source.LOAD,
        id=f"{result.scenario}/compared",
        status=status,
        requirements=("LOAD-05",),
        expected=f"p95 no worse than {other}",
        observed=str(comparison),
        message=settlement(comparison, result.seconds),
        evidence={"ratio": f"{comparison.ratio:.3f}", "runs": str(comparison.runs)},
    )


def settlement(comparison: Comparison, seconds: float) -> str:
    """How much longer would tell; empty where it is told."""
    if comparison.change is not Change.CANNOT_TELL:
        return ""
    if comparison.settled_by is None:
        return "it takes at least 4 runs in all, 3 of them stored, to know how much runs differ by themselves"
    runs = round(comparison.runs * comparison.settled_by)
    minutes = (runs - comparison.runs) * seconds / 60
    return f"about {runs} runs in all would settle it: {minutes:.0f} more minutes"
