"""What of a load is kept for later comparisons, and what it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from harness.evidence import Observation
from harness.load_result import LoadResult, LoadVerdict
from harness.target import Permission, read_target
from loadtests.baselines import (
    Baseline,
    Load,
    comparable,
    read_baseline,
    require_place,
    require_same_load,
    save_runs,
)
from loadtests.contest import Contest, compared_in_turn, compared_with_stored, observed
from loadtests.generator import Order, Tell, generate

_FOLDER = Path("baselines")


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Comparing:
    """The options of `launchkit load` that look beyond one run.

    Parameters
    ----------
    save_baseline
        Add the run to the stored ones of this name.
    compare
        A name: compare with the runs stored under it. A profile: load that target and this one in turn.
    repeat
        Make so many runs instead of one.
    rounds
        With a profile to compare with: so many rounds of four runs (that, this, this, that).
    baselines
        The folder that holds stored runs.
    """

    save_baseline: str | None = None
    compare: str | None = None
    repeat: Annotated[int, Parameter(validator=Number(gte=1, lte=200))] = 1
    rounds: Annotated[int, Parameter(validator=Number(gte=3, lte=200))] = 8
    baselines: Path = _FOLDER


@dataclass(frozen=True, slots=True)
class Comparator:
    """Options that make sense, with what they name; `other` is a profile, `baseline` is stored."""

    options: Comparing
    other: Path | None
    baseline: Baseline | None

    def carry_out(self, order: Order, run: Path, tell: Tell) -> tuple[LoadResult, list[Observation]]:
        """Make all runs; returns the one to be judged, and what the comparison adds to its evidence."""
        contest = Contest(order, run, tell)
        extra: list[Observation] = []
        if self.other is not None:
            theirs, ours = contest.rounds(self.other, self.options.rounds)
        else:
            many = self.options.repeat > 1 or self.baseline is not None
            theirs, ours = [], contest.runs(self.options.repeat) if many else [generate(order, run, tell)]
        result = _judged(ours)
        if self.options.save_baseline is not None:
            tell(save_runs(self.options.baselines, self.options.save_baseline, ours))
        if not comparable(ours[-1]):
            return result, []
        if self.other is not None:
            extra.append(observed(compared_in_turn(theirs, ours), result, str(self.other)))
        if self.baseline is not None:
            comparison = compared_with_stored(self.baseline, ours)
            extra.append(observed(comparison, result, f"baseline {self.options.compare}"))
        return result, extra


def comparator_for(options: Comparing, scenario: str, load: Load) -> Comparator:
    """Raises UsageError where a name or a profile is wrong, before anything is loaded."""
    if options.save_baseline is not None:
        require_place(options.baselines, options.save_baseline, scenario, load)
    if options.compare is None:
        return Comparator(options, None, None)
    profile = Path(options.compare)
    if profile.is_file():
        read_target(profile).require(Permission.LOAD_TEST)
        return Comparator(options, profile, None)
    baseline = read_baseline(options.baselines, options.compare, scenario)
    require_same_load(baseline, load)
    return Comparator(options, None, baseline)


def _judged(results: Sequence[LoadResult]) -> LoadResult:
    """A failure where there is one, else the last."""
    return next((result for result in results if result.verdict is LoadVerdict.FAIL), results[-1])
