"""The reference with each sickness at 0.8 and 1.25 times its limit, by the user's command."""

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from loadtests.proofs.conftest import StartSick

ROOT = Path(__file__).parents[2]
OVER, UNDER = 1.25, 0.8
CODES = {UNDER: 0, OVER: 1}
_TRIES = 3


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


@pytest.mark.parametrize("times", [UNDER, OVER])
@pytest.mark.parametrize(
    ("name", "amount", "arguments"),
    [
        ("slow", lambda times: 200 * times, ["search", "--rate", 20, "--duration", 30]),
        # Its p95 is the freeze less 0.5 s, which is 5 % of the time between two.
        ("freezing", lambda times: 0.2 * times + 0.5, ["search", "--rate", 100, "--duration", 20]),
        ("erroring", lambda times: 0.1 * times, ["featured", "--rate", 200, "--duration", 25]),
        ("unrecovered", lambda times: 10 * times, ["spike", "--duration", 60]),
    ],
)
def test_a_sick_reference(
    start_sick: StartSick, name: str, amount: object, arguments: list[object], times: float
) -> None:
    profile = start_sick(name, amount(times))  # type: ignore[operator]
    code, told = _load(*arguments, "--target", profile)
    assert code == CODES[times], told


def test_growth_is_told_in_ten_minutes(start_sick: StartSick) -> None:
    """A leak and a slowing down, below and above their limits of 0.8 a minute: all four at a time."""
    asked = [(name, times) for name in ("leaking", "slowing") for times in (UNDER, OVER)]
    profiles = [start_sick(name, 0.8 * times) for name, times in asked]
    arguments = ["soak", "--rate", 10, "--duration", 600, "--target"]
    with ThreadPoolExecutor(len(asked)) as pool:
        seen = list(pool.map(lambda profile: _load(*arguments, profile), profiles))
    wrong = {key: told for key, (code, told) in zip(asked, seen, strict=True) if code != CODES[key[1]]}
    assert wrong == {}


@pytest.mark.parametrize("scenario", ["search", "featured", "soak", "mix"])
def test_the_healthy_reference_passes_in_rehearsal(start_sick: StartSick, scenario: str) -> None:
    code, told = _load(scenario, "--rehearsal", "--target", start_sick("slow", 0.0))
    assert code == 0, told


def test_a_starved_generator_is_invalid(start_sick: StartSick, tmp_path: Path) -> None:
    """Stopped for 300 ms in every 5 s, it is late for 6 % of its starts."""
    out = tmp_path / "result.json"
    command = [sys.executable, "-P", "-m", "locust", "-f", str(ROOT / "loadtests" / "locustfile.py")]
    command += ["--headless", "--only-summary", "--scenario", "search", "--duration", "30", "--out", str(out)]
    process = subprocess.Popen(
        [*command, "--target", str(start_sick("slow", 0.0))], stdout=subprocess.PIPE, text=True
    )
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
