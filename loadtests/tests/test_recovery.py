"""What a result keeps of a recovery: enough to draw what was judged."""

import pytest

from loadtests.criteria import Criterion
from loadtests.recovery import recoveries
from loadtests.rules import Recovery, Restarts
from loadtests.tests.measured import measured, plan_of

RULE = Recovery(before="before", after="after", factor=1.2, margin_ms=20, within_seconds=10, window_seconds=3)
CRITERIA = (
    Criterion("recovery", ("LOAD-03",), RULE),
    Criterion("no-out-of-memory", ("LOAD-03",), Restarts(at_most=0)),
)
SPIKE = plan_of("spike")
AFTER = 80


def test_each_window_the_limit_and_the_moment_of_return_are_kept() -> None:
    (found,) = recoveries(CRITERIA, measured(SPIKE, lambda due: 800.0 if 35 < due < AFTER + 4 else 10.0))
    assert (found.criterion, found.phase, found.began, found.took) == ("recovery", "after", AFTER, 4)
    assert found.limit_ms == pytest.approx(30, rel=0.002)
    assert found.p95[:6] == pytest.approx([800] * 4 + [10] * 2, rel=0.002)
    assert len(found.p95) == 38


def test_a_relapse_counts_until_its_end() -> None:
    (found,) = recoveries(CRITERIA, measured(SPIKE, lambda due: 800.0 if 90 < due < 92 else 10.0))
    assert found.took == 12


def test_what_does_not_come_back_took_no_time_that_is_known() -> None:
    (found,) = recoveries(CRITERIA, measured(SPIKE, lambda due: None if due > 35 else 10.0))
    assert found.took is None
    assert set(found.p95) == {None}


def test_too_little_to_compare_is_not_kept() -> None:
    assert recoveries(CRITERIA, measured(SPIKE, lambda due: None if due < 30 else 10.0)) == ()
