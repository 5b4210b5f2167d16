"""The reference with each sickness at 0.8 and 1.25 times its limit, by the user's command.

Limits are wider than the real ones, and the runs shorter: a fifth of the limit is then many times what a busy
machine adds to a latency or to a slope. What is held against them is the same.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from loadtests.proofs.conftest import StartSick

ROOT = Path(__file__).parents[2]
OVER, UNDER = 1.25, 0.8
CODES = {UNDER: 0, OVER: 1}
_TRIES = 3


@dataclass(frozen=True)
class Sickness:
    """`amount` is the variant's, for a multiple of what `rule` allows."""

    name: str
    amount: Callable[[float], float]
    rule: str
    scenario: str
    rate: float
    seconds: float

    def arguments(self, folder: Path) -> list[object]:
        criteria = folder / f"{self.name}.yaml"
        criteria.write_text(f"{self.scenario}: {{it: {{requirements: [LOAD-01], {self.rule}}}}}\n")
        return [self.scenario, "--rate", self.rate, "--duration", self.seconds, "--criteria", criteria]


# The variants have 14 threads: no more requests than that may wait for one of them at a time.
SLOW = Sickness(
    "slow", lambda times: 1000 * times, "latency: {percentile: 95, below_ms: 1000}", "search", 8, 10
)
# The last 5 % of a period of 10 s wait the longest: its p95 is 0.5 s below the freeze.
FREEZING = Sickness(
    "freezing", lambda times: times + 0.5, "latency: {percentile: 95, below_ms: 1000}", "search", 20, 10
)
# Eight or twelve of a thousand where ten are one too many.
ERRORING = Sickness("erroring", lambda times: times, "errors: {below_percent: 1}", "featured", 50, 20)
UNRECOVERED = Sickness(
    "unrecovered",
    lambda times: 5 * times,
    "recovery: {before: before, after: after, factor: 1.2, margin_ms: 300, within_seconds: 5, "
    "window_seconds: 1}",
    "spike",
    150,
    30,
)
LEAKING = Sickness(
    "leaking",
    lambda times: 10 * times,
    "memory_drift: {phase: steady, below: 10, needs_seconds: 108}",
    "soak",
    10,
    120,
)
SLOWING = Sickness(
    "slowing",
    lambda times: 10 * times,
    "latency_drift: {phase: steady, below: 10, needs_seconds: 108}",
    "soak",
    10,
    120,
)


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHKIT_RUNS_DIR", str(tmp_path / "runs"))


def _load(*arguments: object) -> tuple[int, str]:
    """Exit code and verdict; a run that this machine made invalid is made again."""
    for _ in range(_TRIES):
        done = subprocess.run(
            [sys.executable, "-m", "harness", "load", *map(str, arguments), "--json"],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        document = json.loads(done.stdout)
        if not document["verdict"].startswith("INVALID"):
            break
    told = [f"{o['id']} {o['status']}: {o['observed']}" for o in document["observations"]]
    return done.returncode, f"{document['verdict']}; {'; '.join(told)}"


@pytest.mark.parametrize(
    "sicknesses",
    [[SLOW], [FREEZING], [ERRORING], [UNRECOVERED], [LEAKING, SLOWING]],
    ids=lambda sicknesses: "-".join(sickness.name for sickness in sicknesses),
)
def test_a_fifth_beside_the_limit_is_told(
    start_sick: StartSick, tmp_path: Path, sicknesses: Sequence[Sickness]
) -> None:
    """Each below and above its limit, all at the same time: they need little of the machine."""
    asked = [(sickness, times) for sickness in sicknesses for times in (UNDER, OVER)]
    calls = [
        [*sickness.arguments(tmp_path), "--target", start_sick(sickness.name, sickness.amount(times))]
        for sickness, times in asked
    ]
    with ThreadPoolExecutor(len(calls)) as pool:
        seen = list(pool.map(lambda call: _load(*call), calls))
    for (sickness, times), (_, told) in zip(asked, seen, strict=True):
        print(f"{sickness.name} at {times} times its limit: {told}")
    assert [code for code, _ in seen] == [CODES[times] for _, times in asked]


@pytest.mark.parametrize("scenario", ["search", "featured", "spike", "soak", "mix"])
def test_the_healthy_reference_passes_in_rehearsal(healthy: Path, scenario: str) -> None:
    code, told = _load(scenario, "--rehearsal", "--target", healthy)
    print(told)
    assert code == 0, told


def test_a_starved_generator_is_invalid(healthy: Path, tmp_path: Path) -> None:
    """Stopped for 300 ms in every 5 s, it is late for 5 % of its starts, five times what is allowed."""
    out = tmp_path / "result.json"
    command = [sys.executable, "-P", "-m", "locust", "-f", str(ROOT / "loadtests" / "locustfile.py")]
    command += ["--headless", "--only-summary", "--scenario", "search", "--duration", "15", "--out", str(out)]
    process = subprocess.Popen([*command, "--target", str(healthy)], stdout=subprocess.PIPE, text=True)
    ended = threading.Event()
    starving = threading.Thread(target=_starve, args=[process, ended])
    starving.start()
    process.communicate(timeout=120)
    ended.set()
    starving.join()
    assert process.returncode == 3
    assert json.loads(out.read_text())["verdict"] == "INVALID"


def _starve(process: "subprocess.Popen[str]", ended: threading.Event) -> None:
    while not ended.wait(4.7) and process.poll() is None:
        os.kill(process.pid, signal.SIGSTOP)
        ended.wait(0.3)
        os.kill(process.pid, signal.SIGCONT)
