"""A Prometheus beside the stack, its commands stood for by small processes of the same outward form."""

import sys
from pathlib import Path

import pytest

from harness.children.errors import StartError
from harness.children.processes import Process, Processes
from harness.dashboard_result import read_dashboard
from harness.environment.monitoring import Monitoring
from harness.environment.ports import reserved_port

ABSENT = "print('Prometheus is not installed'); raise SystemExit(3)"
PRESENT = """
import http.server, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
given = dict(zip(sys.argv[2::2], sys.argv[3::2]))
assert (given["--api"], given["--workers"]) == ("127.0.0.1:1", "127.0.0.1:2"), given
http.server.HTTPServer(("127.0.0.1", int(given["--port"])), Ready).serve_forever()
"""
RECORDS = """
import sys
given = dict(zip(sys.argv[2::2], sys.argv[3::2]))
assert 0 < float(given["--start"]) <= float(given["--end"])
open(given["--out"], "w").write(%r)
"""
DASHBOARD = """{"title": "T", "started_at": "2026-01-01T00:00:00+00:00", "seconds": 1.5,
 "panels": [{"title": "P", "series": [{"name": "s", "points": [[0, 1], [1, null]]}]}]}"""


def watched(processes: Processes, folder: Path, monitor: str, recorder: str = "") -> Monitoring:
    """`folder` is for the logs and files of both."""
    (folder / "data").mkdir()

    def start(name: str, *arguments: str) -> Process:
        program = monitor if arguments[0] == "monitor" else recorder
        argv = [sys.executable, "-c", program, *arguments]
        return processes.start(name, argv, log=folder / f"{name}.log")

    with reserved_port() as port:
        monitoring = Monitoring(start, folder / "data", port)
    monitoring.begin(api="http://127.0.0.1:1/metrics", workers="http://127.0.0.1:2/metrics")
    return monitoring


def test_a_machine_without_it_says_so(child_processes: Processes, tmp_path: Path) -> None:
    with pytest.raises(StartError, match="exit code 3: Prometheus is not installed"):
        watched(child_processes, tmp_path, ABSENT)


def test_what_the_dashboard_showed_is_kept_in_the_run_folder(
    child_processes: Processes, tmp_path: Path
) -> None:
    watched(child_processes, tmp_path, PRESENT, RECORDS % DASHBOARD).record(tmp_path)
    kept = read_dashboard(tmp_path)
    assert kept is not None
    assert kept.panels[0].series[0].points == ((0.0, 1.0), (1.0, None))


@pytest.mark.parametrize(
    ("recorder", "said"),
    [
        (RECORDS % "{", "was not recorded"),
        (RECORDS % '{"title": 1}', "was not recorded"),
        ("raise SystemExit('no answer')", "no answer"),
    ],
)
def test_a_dashboard_that_was_not_recorded_is_told(
    child_processes: Processes, tmp_path: Path, recorder: str, said: str
) -> None:
    with pytest.raises(StartError, match=said):
        watched(child_processes, tmp_path, PRESENT, recorder).record(tmp_path)
    assert read_dashboard(tmp_path) is None
