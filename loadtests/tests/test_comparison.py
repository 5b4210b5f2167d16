"""How often a comparison cries, finds and cannot tell: on series of runs with a stated spread."""

import math
import random
from collections import Counter

import pytest

from loadtests.comparison import Change, Comparison, compare_interleaved, compare_stored

SERIES = 120


def _interleaved(spread: float, rounds: int, ratio: float, seed: int) -> Change:
    """Runs in turn on a machine that gets steadily slower; `spread` is of the logarithm of their p95s."""
    source = random.Random(seed)
    drift, old, new = source.uniform(-0.05, 0.05), [], []
    for number in range(4 * rounds):
        p95 = 50 * math.exp(drift * number / rounds + source.gauss(0, spread))
        if number % 4 in (0, 3):
            old.append(p95)
        else:
            new.append(p95 * ratio)
    return compare_interleaved(old, new, seed=seed).change


def _stored(spread: float, runs: int, ratio: float, seed: int) -> Change:
    source = random.Random(seed)
    old, new = ([50 * math.exp(source.gauss(0, spread)) for _ in range(runs)] for _ in range(2))
    return compare_stored(old, [p95 * ratio for p95 in new], seed=seed).change


CASES = [(_interleaved, 0.1, 8), (_interleaved, 0.15, 12), (_stored, 0.05, 5), (_stored, 0.08, 8)]


@pytest.mark.parametrize(("compare", "spread", "runs"), CASES)
def test_equal_targets_are_hardly_ever_told_apart(compare: object, spread: float, runs: int) -> None:
    seen = Counter(compare(spread, runs, 1.0, seed) for seed in range(SERIES))  # type: ignore[operator]
    assert seen[Change.WORSE] + seen[Change.BETTER] <= 0.05 * SERIES, seen
    assert seen[Change.CANNOT_TELL] <= 0.2 * SERIES, seen


@pytest.mark.parametrize(("compare", "spread", "runs"), CASES)
def test_a_fifth_more_is_found(compare: object, spread: float, runs: int) -> None:
    seen = Counter(compare(spread, runs, 1.2, seed) for seed in range(SERIES))  # type: ignore[operator]
    decided = SERIES - seen[Change.CANNOT_TELL]
    assert seen[Change.WORSE] >= 0.95 * decided, seen
    assert decided >= 0.8 * SERIES, seen


def test_a_fifth_less_is_better() -> None:
    old, new = [50.0, 51, 49, 50, 50, 51], [40.0, 41, 40, 39, 40, 41]
    assert compare_stored(old, new).change is Change.BETTER
    assert compare_interleaved(old, new).change is Change.BETTER


def test_runs_that_differ_wildly_cannot_be_told_and_it_says_what_would() -> None:
    found = compare_stored([25.0, 265, 70, 89], [90.0])
    assert found.change is Change.CANNOT_TELL
    assert found.settled_by is not None
    assert found.settled_by > 20


@pytest.mark.parametrize(("old", "new"), [([50.0], [60.0]), ([50.0, 51], [60.0])])
def test_a_few_runs_do_not_know_their_own_spread(old: list[float], new: list[float]) -> None:
    found = compare_stored(old, new)
    assert (found.change, found.settled_by) == (Change.CANNOT_TELL, None)
    assert "too few" in str(found)


def test_runs_without_any_spread_are_compared_too() -> None:
    assert compare_stored([50.0] * 3, [75.0]).change is Change.WORSE
    assert compare_stored([50.0] * 3, [50.0]).change is Change.SAME


def test_rounds_must_be_whole() -> None:
    with pytest.raises(ValueError, match="fours"):
        compare_interleaved([1.0], [1.0])


def test_it_is_told_as_a_ratio() -> None:
    assert str(Comparison(Change.WORSE, 1.3, 1.1, 1.5, 32)) == (
        "worse: p95 × 1.30 (95 % interval 1.10 to 1.50, 32 runs)"
    )
