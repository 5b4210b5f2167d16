"""The reference service over a small data set, and a stub that misbehaves."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from .asking import Ask, ask_async, ask_blocking
from .stub import Script, Stub

DATA = Path(__file__).parent / "marketplace.json"


@pytest.fixture(params=[ask_blocking, ask_async], ids=["blocking", "async"])
def ask(request: pytest.FixtureRequest) -> Ask:
    chosen: Ask = request.param
    return chosen


@pytest.fixture
def serve_stub() -> Iterator[Callable[..., Stub]]:
    """Starts stubs that play these scripts."""
    stubs: list[Stub] = []

    def serve(*scripts: Script) -> Stub:
        stubs.append(Stub(*scripts))
        return stubs[-1]

    yield serve
    for stub in stubs:
        stub.close()


@pytest.fixture(scope="session")
def reference_url(
    child_processes: Any, postgres_server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The reference service as it is run, with the vendors of marketplace.json."""
    folder = tmp_path_factory.mktemp("reference")
    with psycopg.connect(postgres_server_url, autocommit=True) as server:
        server.execute("CREATE DATABASE sdk")
    database = postgres_server_url.rpartition("/")[0] + "/sdk"
    settings = {"REFERENCE_DATABASE_URL": database, "REFERENCE_METRICS_DIR": str(folder / "metrics")}
    for command in (["migrate", "up"], ["load-fixtures", str(DATA)]):
        subprocess.run([*_REFERENCE, *command], env={**os.environ, **settings}, check=True, timeout=60)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = [*_REFERENCE, "serve", "--port", str(port), "--processes", "1", "--rate-limit", "10000"]
    child_processes.start("reference", serve, log=folder / "api.log", extra=settings)
    url = f"http://127.0.0.1:{port}"
    _wait_until_ready(url, folder / "api.log")
    return url


_REFERENCE = [sys.executable, "-m", "reference_service"]


def _wait_until_ready(url: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            if httpx.get(f"{url}/health/ready", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
