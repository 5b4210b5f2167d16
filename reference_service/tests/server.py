"""`serve` as a child process."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from reference_service.tests.api.document import HOOKS


class Server:
    """`serve` as a child process."""

    def __init__(self, settings: dict[str, str], folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.log = folder / "api.log"
        self.url = f"http://127.0.0.1:{self.port}"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "reference_service", "serve", "--port", str(self.port)],
                env={**os.environ, **settings, "REFERENCE_METRICS_DIR": str(folder / "metrics")},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def get(self, path: str, **options: Any) -> httpx.Response:
        """On a connection of its own; the answer is as the document describes it."""
        return get(self.url + path, **options)

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def raw(self, request: bytes) -> bytes:
        """The bytes that come back for these."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(request)
            answer = b""
            while received := connection.recv(65536):
                answer += received
            return answer


def get(url: str, **options: Any) -> httpx.Response:
    with httpx.Client(event_hooks=HOOKS) as client:
        return client.get(url, **options)


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def answers(url: str, status: int = 200) -> bool:
    try:
        return get(url).status_code == status
    except httpx.TransportError:
        return False
