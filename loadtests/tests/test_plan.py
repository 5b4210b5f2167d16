"""What a run asks for."""

from collections import Counter

import pytest

from harness.errors import UsageError
from harness.load_result import Mode
from loadtests.plan import Plan, make_plan
from loadtests.scenarios import SCENARIOS, scenario_named


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_rehearsal_has_the_rates_of_the_full_run_in_less_time(name: str) -> None:
    full, rehearsal = make_plan(SCENARIOS[name]), make_plan(SCENARIOS[name], rehearsal=True)
    assert [(s.from_rate, s.to_rate, s.phase) for s in full.stages] == [
        (s.from_rate, s.to_rate, s.phase) for s in rehearsal.stages
    ]
    assert rehearsal.seconds <= 16 < full.seconds
    assert (full.mode, rehearsal.mode) == (Mode.FULL, Mode.REHEARSAL)


def test_full_runs_last_as_long_as_is_required() -> None:
    lengths = {name: make_plan(SCENARIOS[name]).seconds for name in SCENARIOS}
    assert lengths == {"search": 300, "featured": 300, "spike": 120, "soak": 3600, "mix": 300}


@pytest.mark.parametrize(
    ("rate", "duration", "mode"),
    [(50, None, Mode.CUSTOM), (None, 10, Mode.CUSTOM), (100, 300, Mode.FULL), (200, 600, Mode.FULL)],
)
def test_less_than_is_required_satisfies_nothing(
    rate: float | None, duration: float | None, mode: Mode
) -> None:
    assert make_plan(SCENARIOS["search"], rate=rate, duration=duration).mode is mode


def test_limits_of_ones_own_satisfy_nothing() -> None:
    assert make_plan(SCENARIOS["search"], own_limits=True).mode is Mode.CUSTOM
    assert make_plan(SCENARIOS["search"], own_limits=True, rehearsal=True).mode is Mode.REHEARSAL


@pytest.mark.parametrize(("rate", "duration"), [(1000, None), (None, 240), (1000, 240)])
def test_more_of_a_spike_is_another_spike(rate: float | None, duration: float | None) -> None:
    assert make_plan(SCENARIOS["spike"], rate=rate, duration=duration).mode is Mode.CUSTOM
    assert make_plan(SCENARIOS["spike"], rate=500, duration=120).mode is Mode.FULL


@pytest.mark.parametrize(
    ("plan", "title"),
    [
        (make_plan(SCENARIOS["search"]), "Search: 100 requests/s for 5 minutes"),
        (make_plan(SCENARIOS["search"], rate=20, duration=5), "Search: 20 requests/s for 5 s"),
        (make_plan(SCENARIOS["search"], rehearsal=True), "Search: 100 requests/s for 8 s"),
        (make_plan(SCENARIOS["spike"], rehearsal=True), "Spike: up to 500 requests/s for 16 s"),
    ],
)
def test_the_title_tells_what_is_asked_for(plan: Plan, title: str) -> None:
    assert plan.title == title


def test_a_rehearsal_has_no_rate_of_its_own() -> None:
    with pytest.raises(UsageError, match="--rehearsal has the rates of the full run; leave out"):
        make_plan(SCENARIOS["search"], rehearsal=True, rate=1)


def test_a_rate_scales_every_stage_and_a_duration_too() -> None:
    plan = make_plan(SCENARIOS["spike"], rate=50, duration=12)
    assert plan.seconds == pytest.approx(12)
    assert max(stage.to_rate for stage in plan.stages) == 50
    assert min(stage.from_rate for stage in plan.stages) == 1


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), 1e9])
def test_senseless_rates_and_durations_are_refused(value: float) -> None:
    with pytest.raises(UsageError, match="makes no sense"):
        make_plan(SCENARIOS["search"], rate=value)
    with pytest.raises(UsageError, match="makes no sense"):
        make_plan(SCENARIOS["search"], duration=value)


def test_shares_partition_the_requests() -> None:
    plan = make_plan(SCENARIOS["mix"], rehearsal=True, seed=3)
    whole = list(plan.requests())
    parts = [request for share in range(3) for request in plan.requests(share, 3)]
    assert sorted(parts, key=lambda request: request[0].index) == whole


def test_the_mix_has_its_weights() -> None:
    plan = make_plan(SCENARIOS["mix"], seed=1)
    counts = Counter(endpoint.name for _, endpoint in plan.requests())
    shares = {name: count / counts.total() for name, count in counts.items()}
    expected = {"search": 0.5, "featured": 0.2, "categories": 0.15, "details": 0.15}
    assert shares == pytest.approx(expected, abs=0.01)


def test_a_misspelt_scenario_is_corrected() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'search'\?"):
        scenario_named("serach")
