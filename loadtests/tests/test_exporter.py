"""What can be watched while a run goes on."""

import io
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

from harness.errors import UsageError
from loadtests.exporter import Exporter, exposition
from loadtests.live import LiveTable
from loadtests.measurement import Measurement
from loadtests.tests.conftest import MakeProfile, StartServer
from loadtests.tests.measured import always, measured, plan_of
from loadtests.ticks import tick_of

PLAN = plan_of(duration=4.0)
_SCRIPT = """
import sys, urllib.request
for line in sys.stdin:
    if "metrics of this run" in line:
        print(urllib.request.urlopen(line.split()[-1]).read().decode())
"""


def test_the_exposition_parses_and_counts() -> None:
    seen = measured(PLAN, always(20.0), failing=lambda n: "bad" if n < 3 else "")
    samples = {
        (sample.name, sample.labels.get("result", sample.labels.get("quantile", ""))): sample.value
        for family in text_string_to_metric_families("\n".join(exposition(PLAN, seen)) + "\n")
        for sample in family.samples
    }
    assert samples["launchkit_load_requests_total", "sent"] == 400
    assert samples["launchkit_load_requests_total", "error"] == 3
    assert samples["launchkit_load_latency_seconds", "0.95"] == pytest.approx(0.02, rel=0.001)
    assert samples["launchkit_load_late_starts_total", ""] == 0
    assert all('mode="custom"' in line for line in exposition(PLAN, seen) if not line.startswith("#"))


def test_nothing_measured_yet_is_no_error() -> None:
    assert "latency" not in "".join(exposition(PLAN, Measurement()))


def test_a_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} cannot be used"):
            Exporter(port, PLAN, Measurement)


def test_a_run_can_be_watched(start_server: StartServer, make_profile: MakeProfile) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-P", "-m", "locust", "-f", str(root / "loadtests" / "locustfile.py")]
    command += ["--headless", "--only-summary", "--scenario", "search", "--duration", "3"]
    with subprocess.Popen(
        [*command, "--target", str(make_profile(start_server()))], stdout=subprocess.PIPE, text=True
    ) as process:
        page = subprocess.run(
            [sys.executable, "-c", _SCRIPT], stdin=process.stdout, capture_output=True, text=True, check=True
        ).stdout
    assert "launchkit_load_requests_total" in page


def test_the_table_shows_the_last_ticks() -> None:
    stream = io.StringIO()
    seen = measured(PLAN, always(20.0))
    with LiveTable("load search", Console(file=stream, force_terminal=True, width=100)) as table:
        table.tell("[a line]")
        for second in range(1, 4):
            table.tell(tick_of(PLAN, seen, range(second - 1, second)))
        table.tell(tick_of(PLAN, seen, range(90, 91)))
    text = stream.getvalue()
    assert "[a line]" in text
    assert "400 sent" in text
    assert "20.0" in text
