"""Each sickness at 1.25 times its limit is called FAIL, and at 0.8 times of it PASS.

The limits are wider than the real ones, and the runs shorter: what is held against them is the same.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.load_result import LoadVerdict
from harness.target import Target
from loadtests.options import Job, make_job
from loadtests.processes import go_first
from loadtests.tests.conftest import StartServer
from loadtests.tests.driving import drive_all

pytestmark = pytest.mark.alone

TargetOf = Callable[..., Target]
OVER, UNDER = 1.25, 0.8
SECONDS = 14.0


@dataclass(frozen=True)
class Sickness:
    """`options` gives the server's, for a multiple of what `rule` allows."""

    name: str
    rule: str
    options: Callable[[float], list[str]]
    scenario: str = "search"
    rate: float = 30.0


SICKNESSES = (
    Sickness(
        "slow",
        "latency: {percentile: 95, below_ms: 1000}",
        lambda times: ["--latency", str(times)],
    ),
    Sickness(
        # The last 5 % of a period of 7 s wait the longest: its p95 is 0.35 s below the freeze.
        "freezing",
        "latency: {percentile: 95, below_ms: 1000}",
        lambda times: ["--freeze-every", "7", "--freeze-for", str(times + 0.35)],
    ),
    Sickness(
        "erroring",
        "errors: {below_percent: 2}",
        lambda times: ["--error-every", str(round(50 / times))],
    ),
    Sickness(
        "leaking",
        # Fast enough that what the server itself grows by in its first seconds is small beside it.
        "memory_drift: {below: 120, needs_seconds: 14}",
        lambda times: ["--leak-mb", str(120 * times)],
    ),
    Sickness(
        "slowing",
        # 10 ms of noise are 1 % of it, and the standard error of its slope is then 4 % a minute.
        "latency_drift: {below: 120, needs_seconds: 14}",
        lambda times: ["--latency", "1", "--grow-percent", str(120 * times)],
    ),
    Sickness(
        "not recovering",
        "recovery: {before: before, after: after, factor: 1.2, margin_ms: 300, within_seconds: 5, "
        "window_seconds: 1}",
        # It counts whole seconds, from a quarter of a second before the last hot one ends.
        lambda times: ["--hot-rate", "60", "--slow-by", "1", "--hangover", str(5 * times)],
        scenario="spike",
        rate=200.0,
    ),
)


@pytest.fixture
def first() -> Iterator[None]:
    """What a load generator asks for: others' work is not to make its arrivals late."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    go_first()
    yield
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, before)


@pytest.fixture
def job_of(first: None, start_server: StartServer, target_of: TargetOf, tmp_path: Path) -> Callable[..., Job]:
    def make(sickness: Sickness, times: float) -> Job:
        name = f"{sickness.name}-{times}".replace(" ", "-")
        criteria, pidfile = tmp_path / f"{name}.yaml", tmp_path / f"{name}.pid"
        criteria.write_text(f"{sickness.scenario}: {{it: {{requirements: [LOAD-01], {sickness.rule}}}}}\n")
        url = start_server("--pidfile", str(pidfile), *sickness.options(times))
        return make_job(
            target_of(url, f"processes: [{{pidfile: {pidfile}}}]"),
            sickness.scenario,
            criteria=criteria,
            duration=24.0 if sickness.scenario == "spike" else SECONDS,
            rate=sickness.rate,
        )

    return make


def test_limits_are_told_from_a_fifth_beside_them(job_of: Callable[..., Job]) -> None:
    asked = [(sickness, times) for sickness in SICKNESSES for times in (UNDER, OVER)]
    results = drive_all([job_of(sickness, times) for sickness, times in asked])
    seen = {
        (sickness.name, times): (str(result.verdict), [outcome.observed for outcome in result.criteria])
        for (sickness, times), result in zip(asked, results, strict=True)
    }
    expected = {UNDER: LoadVerdict.PASS, OVER: LoadVerdict.FAIL}
    assert {key: told for key, told in seen.items() if told[0] != expected[key[1]]} == {}
