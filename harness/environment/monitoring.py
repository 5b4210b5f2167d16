"""A Prometheus beside the stack, where the machine has one; the dashboard is drawn from what it saw."""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from harness.children.errors import StartError
from harness.children.processes import Process
from harness.dashboard_result import DashboardResult, write_dashboard
from harness.environment.ports import HOST
from harness.environment.readiness import wait_until_ready

_EVERY_SECONDS = 2.0
_OVER = "10s"  # a rate needs some looks in its window
_START_SECONDS = 20.0
_RECORD_SECONDS = 60.0

# Starts a command of the service: the name of its log, then its arguments.
StartService = Callable[..., Process]


class Monitoring:
    """A running Prometheus."""

    def __init__(self, start: StartService, folder: Path, port: int) -> None:
        self.url = f"http://{HOST}:{port}"
        self._start = start
        self._folder = folder
        self._port = port
        self._since = 0.0

    def begin(self, *, api: str, workers: str) -> None:
        """Watch these two `/metrics`. Raises StartError where there is no Prometheus, or none that starts."""
        process = self._start(
            "prometheus",
            *("monitor", "--folder", str(self._folder), "--port", str(self._port)),
            *("--every", f"{_EVERY_SECONDS:g}"),
            *("--api", urlsplit(api).netloc, "--workers", urlsplit(workers).netloc),
        )
        wait_until_ready(process, f"{self.url}/-/ready", seconds=_START_SECONDS)
        self._since = time.time()

    def record(self, run_folder: Path) -> None:
        """Keep there what the dashboard has shown since the beginning. Raises StartError."""
        out = self._folder / "dashboard.json"
        process = self._start(
            "dashboard",
            *("record-dashboard", "--prometheus", self.url, "--over", _OVER, "--out", str(out)),
            *("--start", f"{self._since:.3f}", "--end", f"{time.time():.3f}"),
        )
        if process.wait(_RECORD_SECONDS) != 0:
            raise process.died()
        try:
            write_dashboard(run_folder, msgspec.json.decode(out.read_bytes(), type=DashboardResult))
        except (msgspec.MsgspecError, OSError) as error:
            raise StartError(f"the dashboard was not recorded: {error}", hint=f"see {process.log}") from None
