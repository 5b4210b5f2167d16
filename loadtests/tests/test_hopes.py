"""A run ends early only where no answer to come could change its verdict."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import LaunchkitError
from harness.load_result import LoadVerdict
from harness.target import Target
from loadtests.criteria import Criterion, read_criteria
from loadtests.hopes import Hopes
from loadtests.options import make_job
from loadtests.rules import Errors, Latency, Rule, Service, Statuses
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
