"""The real service, for the browser: its database, catalogue, vendors and API as child processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

VENDORS = 10_000
SEED = "20260101"
_START_SECONDS = 60.0


@dataclass(slots=True)
class Marketplace:
    """The API at `url`, which can be stopped and started again on its port."""

    settings: dict[str, str]
    port: int
    log: Path
    api: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def console(self) -> str:
        return f"{self.url}/marketplace"

    def search(self, **parameters: str | int | float) -> dict[str, Any]:
        """What the API itself says."""
        answer = httpx.get(
            f"{self.url}/v1/marketplace/vendors", params=parameters, trust_env=False, timeout=30
        )
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.api = _service(
                self.settings,
                "serve",
                "--port",
                str(self.port),
                "--rate-limit",
                "1000000",
                output=log.fileno(),
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self.api.poll() is not None:
                said = self.log.read_text(errors="replace")[-1000:]
                raise RuntimeError(f"the API did not start: {said}")
            time.sleep(0.1)

    def stop(self) -> None:
        if self.api:
            _end(self.api)
            self.api = None

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", trust_env=False, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def open_marketplace(database_url: str, folder: Path) -> Iterator[Marketplace]:
    """The service over this empty database, with its whole catalogue."""
    settings = {"REFERENCE_DATABASE_URL": database_url, "REFERENCE_METRICS_DIR": str(folder / "metrics")}
    _done(settings, "migrate", "up")
    stubs = _service(settings, "stub-vendors", "--port", "0", "--seed", SEED, output=subprocess.PIPE)
    try:
        stub_url = stubs.stdout.readline().decode().strip() if stubs.stdout else ""
        _done(settings, "load-catalogue", "--vendors", str(VENDORS), "--seed", SEED, "--stub-url", stub_url)
        _done(settings, "work", "metrics-aggregator", "--once")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        marketplace = Marketplace(settings, port, folder / "api.log")
        try:
            marketplace.start()
            yield marketplace
        finally:
            marketplace.stop()
    finally:
        _end(stubs)


def _service(settings: dict[str, str], *arguments: str, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "reference_service", *arguments], env={**os.environ, **settings}, stdout=output
    )


def _done(settings: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "reference_service", *arguments],
        env={**os.environ, **settings},
        check=True,
        timeout=300,
        stdout=subprocess.DEVNULL,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
