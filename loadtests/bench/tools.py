"""Other load generators where they are installed, at the same rate against the same server."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_PATH = "/v1/marketplace/vendors?q=weather"
_USERS = Path(__file__).with_name("users.py")
_PERCENTILES = Path(__file__).with_name("percentiles.lua")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tool told of its run, in ms; `cpu_seconds` where it was measured."""

    requests: int
    p95: float | None
    p99: float | None
    failed: int = 0
    cpu_seconds: float = 0.0


def plain_locust(base_url: str, *, users: int, pace: float, seconds: float) -> Reading:
    """`users` of Locust's FastHttpUser, each at `pace` requests/s."""
    with TemporaryDirectory(prefix="launchkit-bench-") as folder:
        out = Path(folder, "out.json")
        command = [sys.executable, "-P", "-m", "locust", "-f", str(_USERS), "--headless", "--only-summary"]
        command += ["-u", str(users), "-r", str(users), "-t", f"{seconds:g}s", "-H", base_url]
        environment = {**os.environ, "BENCH_PACE": str(pace), "BENCH_OUT": str(out)}
        _run(command, seconds, environment)
        return Reading(**json.loads(out.read_text(encoding="utf-8")))


def wrk(base_url: str, *, connections: int, seconds: float) -> Reading | None:
    """It has no rate: as fast as its connections allow. None where it is not installed."""
    if shutil.which("wrk") is None:
        return None
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "-s", str(_PERCENTILES)]
    return wrk_reading(_run([*command, base_url + _PATH], seconds))


def wrk_reading(said: str) -> Reading:
    """From the line that our script has it say in the end."""
    line = next((line for line in said.splitlines() if line.startswith("percentiles ")), None)
    if line is None:
        return Reading(0, None, None)
    told = json.loads(line.removeprefix("percentiles "))
    return Reading(told["requests"], told["p95"] / 1000, told["p99"] / 1000, told["failed"])


def hey(
    base_url: str, *, connections: int, rate: float, seconds: float, reuse: bool = True
) -> Reading | None:
    """None where it is not installed."""
    if shutil.which("hey") is None:
        return None
    command = ["hey", "-z", f"{seconds:g}s", "-c", str(connections), "-q", f"{rate / connections:g}"]
    command += [] if reuse else ["-disable-keepalive"]
    return hey_reading(_run([*command, base_url + _PATH], seconds))


def hey_reading(said: str) -> Reading:
    responses = re.findall(r"^\s+\[(\d+)\]\s+(\d+) responses", said, re.MULTILINE)
    errors = re.findall(r"^\s+\[(\d+)\]\s+(?!\d+ responses)\S", said, re.MULTILINE)
    p95, p99 = (re.search(rf"{percent}%+ in ([\d.]+) secs", said) for percent in (95, 99))
    return Reading(
        sum(int(count) for _, count in responses),
        round(float(p95[1]) * 1000, 3) if p95 else None,
        round(float(p99[1]) * 1000, 3) if p99 else None,
        sum(map(int, errors)) + sum(int(count) for status, count in responses if status != "200"),
    )


def _run(command: list[str], seconds: float, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + 60, check=False, env=environment
    )
    return done.stdout
