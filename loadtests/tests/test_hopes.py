"""A run ends early only where no answer to come could change its verdict."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import LaunchkitError
from harness.load_result import LoadVerdict
from harness.target import Target
from loadtests.arrivals import ArrivalKind
from loadtests.criteria import Criterion, read_criteria
from loadtests.hopes import Hopes, out_of_reach
from loadtests.measurement import Key, Measurement
from loadtests.options import make_job
from loadtests.plan import make_plan
from loadtests.rules import Errors, Latency, Rule, Service, Statuses
from loadtests.scenarios import SCENARIOS
from loadtests.tests.conftest import StartServer
from loadtests.tests.driving import drive_validly
from loadtests.tests.measured import always, measured, plan_of

PLAN, TENTH = plan_of(duration=100.0), plan_of(duration=10.0)


@pytest.mark.parametrize(
    ("rule", "lost_with", "kept_with"),
    [
        (Errors(below_percent=1), 100, 99),
        (Statuses(kind="5xx", at_most=3), 4, 3),
    ],
)
def test_errors_are_counted_against_all_that_is_planned(rule: Rule, lost_with: int, kept_with: int) -> None:
    hopes = Hopes([Criterion("it", ("LOAD-01",), rule, hard=True)], PLAN)

    def lost(most: int) -> str:
        return hopes.lost(measured(TENTH, always(5.0), failing=lambda n: "bad" if n < most else ""))

    assert lost(lost_with)
    assert not lost(kept_with)


@pytest.mark.parametrize("rule", [Latency(percentile=95, below_ms=200), Service(percentile=95, below_ms=100)])
def test_slow_answers_are_too(rule: Rule) -> None:
    hopes = Hopes([Criterion("it", ("LOAD-01",), rule, hard=True)], PLAN)
    assert not hopes.lost(measured(TENTH, lambda due: 500.0 if due < 4.9 else 5.0))
    assert hopes.lost(measured(TENTH, lambda due: 500.0 if due < 5.2 else 5.0))


def test_other_limits_are_not_watched() -> None:
    hopes = Hopes([Criterion("it", ("LOAD-01",), Errors(below_percent=1))], PLAN)
    assert not hopes.lost(measured(TENTH, always(None)))


def test_a_lost_run_ends_early_and_says_so(
    start_server: StartServer, target_of: Callable[..., Target], tmp_path: Path
) -> None:
    criteria = tmp_path / "criteria.yaml"
    criteria.write_text("search: {few: {requirements: [LOAD-01], errors: {below_percent: 1}, hard: true}}\n")
    target = target_of(start_server("--error-every", "2"))
    result = drive_validly(make_job(target, "search", criteria=criteria, duration=60, rate=40))
    assert result.verdict is LoadVerdict.FAIL
    assert result.seconds < 30
    assert result.partial == "few (errors < 1 %) cannot be kept any more"


@pytest.mark.parametrize(
    "text",
    [
        "restarts: {at_most: 0}, hard: true",
        "errors: {below_percent: 1}, hard: 3",
        "errors: {below_percent: 1, window_seconds: 5}, hard: true",
    ],
)
def test_what_cannot_be_hard_is_refused(tmp_path: Path, text: str) -> None:
    criteria = tmp_path / "criteria.yaml"
    criteria.write_text(f"search: {{it: {{requirements: [LOAD-01], {text}}}}}\n")
    with pytest.raises(LaunchkitError, match=r"criteria.yaml:1:\d+: .*hard"):
        read_criteria(criteria)


@pytest.mark.parametrize(("late", "lost"), [(8, False), (9, True)])
def test_more_late_starts_than_the_whole_run_may_have_end_it(late: int, lost: bool) -> None:
    """Of 800 that are planned 8 may be late."""
    begun = measured(plan_of(duration=1.0), always(5.0), late_ms=lambda n: 80.0 if n < late else 1.0)
    assert ("cannot make 100 requests/s" in out_of_reach(plan_of(duration=8.0), begun)) is lost


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("endpoint", ["all", "search", "details"])
def test_what_chance_leaves_open_is_not_lost(seed: int, endpoint: str) -> None:
    """At random arrivals, and a random choice of endpoints, a limit that is just kept is not given up."""
    plan = make_plan(SCENARIOS["mix"], duration=30, kind=ArrivalKind.POISSON, seed=seed)
    due = sum(endpoint in ("all", asked.name) for _, asked in plan.requests())
    rule = Errors(below_percent=10, endpoint=endpoint)
    hopes = Hopes([Criterion("it", ("LOAD-01",), rule, hard=True)], plan)
    kept = math.ceil(due / 10) - 1
    failing = Measurement()
    failing.cell(Key(0, "steady", "search" if endpoint == "all" else endpoint)).errors = kept
    assert not hopes.lost(failing)


def test_an_absurd_rate_is_not_counted_out() -> None:
    plan = make_plan(SCENARIOS["soak"], rate=100_000)
    assert not Hopes(read_criteria()["soak"], plan).lost(Measurement())
