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


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tool told of its run, in ms; `cpu_seconds` where it was measured."""

    requests: int
    p95: float | None
    p99: float | None
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
    """It has no rate: as fast as its connections allow. None where it is not installed; no p95 of its own."""
    if shutil.which("wrk") is None:
        return None
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency", base_url + _PATH]
    said = _run(command, seconds)
    requests = re.search(r"(\d+) requests in", said)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    return Reading(int(requests[1]) if requests else 0, None, _ms(p99))


def hey(base_url: str, *, connections: int, rate: float, seconds: float) -> Reading | None:
    """None where it is not installed."""
    if shutil.which("hey") is None:
        return None
    command = ["hey", "-z", f"{seconds:g}s", "-c", str(connections), "-q", f"{rate / connections:g}"]
    said = _run([*command, base_url + _PATH], seconds)
    requests = sum(int(count) for count in re.findall(r"\[\d+\]\s+(\d+) responses", said))
    p95, p99 = (re.search(rf"{percent}%+ in ([\d.]+) (secs)", said) for percent in (95, 99))
    return Reading(requests, _ms(p95), _ms(p99))


def _ms(match: "re.Match[str] | None") -> float | None:
    if match is None:
        return None
    return round(float(match[1]) * {"us": 0.001, "ms": 1, "s": 1000, "secs": 1000}[match[2]], 3)


def _run(command: list[str], seconds: float, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + 60, check=False, env=environment
    )
    return done.stdout
