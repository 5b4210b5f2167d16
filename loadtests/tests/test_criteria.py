"""The declared limits, and mistakes in them."""

from pathlib import Path

import pytest

from harness.errors import DocumentError, UsageError
from loadtests.criteria import read_criteria
from loadtests.options import criteria_for
from loadtests.rules import Latency
from loadtests.scenarios import SCENARIOS

P95 = "search:\n  p95:\n    requirements: [LOAD-01]\n    latency: {percentile: 95, below_ms: 200}\n"


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "criteria.yaml"
    path.write_text(text)
    return path


def test_every_scenario_has_criteria_and_every_requirement_of_the_load_one() -> None:
    criteria = read_criteria()
    assert criteria.keys() == SCENARIOS.keys()
    named = {name for limits in criteria.values() for c in limits for name in c.requirements}
    assert {"LOAD-01", "LOAD-02", "LOAD-03", "LOAD-04", "PRF-07", "QLT-02"} <= named


def test_only_a_run_that_asks_all_four_endpoints_speaks_for_the_limits_of_all_four() -> None:
    speaking = {
        (name, c.rule.endpoint)
        for name, criteria in read_criteria().items()
        for c in criteria
        if "PRF-07" in c.requirements and isinstance(c.rule, Latency)
    }
    assert speaking == {("mix", name) for name in ("search", "featured", "categories", "details")}


def test_the_limits_are_the_required_ones() -> None:
    limits = {
        (name, c.id): c.rule.below_ms
        for name, criteria in read_criteria().items()
        for c in criteria
        if isinstance(c.rule, Latency) and c.rule.window_seconds is None
    }
    assert limits == {
        ("search", "p95"): 200,
        ("featured", "p95"): 100,
        ("soak", "p95"): 200,
        ("mix", "search-p95"): 200,
        ("mix", "featured-p95"): 100,
        ("mix", "categories-p95"): 50,
        ("mix", "details-p95"): 150,
    }


@pytest.mark.parametrize(
    ("wrong", "right", "place", "message"),
    [
        ("serach:", "search:", "1:1", "unknown scenario 'serach'; did you mean 'search'?"),
        ("latencey:", "latency:", "4:5", "did you mean 'latency'?"),
        ("below:", "below_ms:", "4:31", "did you mean 'below_ms'?"),
        ("LOAD-1]", "LOAD-01]", "3:20", "'LOAD-1' is not a requirement; did you mean 'LOAD-01'?"),
        ("percentile: 950", "percentile: 95", "4:27", "expected `float` < 100"),
        ("below_ms: fast", "below_ms: 200", "4:41", "expected `float`"),
        ("below_ms: 200, phase: stedy", "below_ms: 200", "4:53", "did you mean 'steady'?"),
        ("below_ms: 200, endpoint: all-of", "below_ms: 200", "4:56", "search has no endpoint 'all-of'"),
        ("latency: {percentile: 95}", "latency: {percentile: 95, below_ms: 200}", "4:14", "missing"),
        ("requirements: []", "requirements: [LOAD-01]", "3:19", "must be a list"),
    ],
)
def test_a_mistake_is_pointed_at(tmp_path: Path, wrong: str, right: str, place: str, message: str) -> None:
    path = _file(tmp_path, P95.replace(right, wrong))
    with pytest.raises(DocumentError) as error:
        read_criteria(path)
    assert str(error.value).startswith(f"{path}:{place}: ")
    assert message in str(error.value)


def test_two_rules_or_none_are_refused(tmp_path: Path) -> None:
    for text in (P95 + "    errors: {below_percent: 1}\n", "search:\n  p95: {requirements: [LOAD-01]}\n"):
        with pytest.raises(DocumentError, match="exactly one rule"):
            read_criteria(_file(tmp_path, text))


def test_a_criterion_must_be_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="must be a mapping"):
        read_criteria(_file(tmp_path, "search: [p95]\n"))


def test_a_scenario_without_limits_cannot_be_judged(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no criteria for featured"):
        criteria_for("featured", _file(tmp_path, P95))
