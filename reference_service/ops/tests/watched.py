"""The running reference with a real Prometheus and Alertmanager beside it, all on loopback."""

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx

from reference_service.ops.files import as_yaml
from reference_service.ops.pace import Pace
from reference_service.ops.routing import Receivers, alertmanager_document
from reference_service.ops.rules import rules_document
from reference_service.ops.scraping import JOBS, Scraping, prometheus_document
from reference_service.ops.tests.receiver import Receiver
from reference_service.tests.ops.tools import program

QUICK = Pace(scale=1 / 1200, shortest=4)
SCRAPE_SECONDS = 1.0
PATIENCE = 120.0
CLIENTS = 5  # however two processes share them, one gets more than the two connections of its pool


class Child(Protocol):
    log: Path

    def stop(self, how: int = ..., *, seconds: float) -> None: ...


class Children(Protocol):
    """What the fixture `child_processes` offers: children that die with the tests."""

    def start(
        self, name: str, argv: Sequence[str | Path], *, log: Path, extra: Mapping[str, str] | None = None
    ) -> Child: ...


@dataclass
class Watched:
    """Processes by name, each on a port of its own that it keeps when it is started again."""

    children: Children
    folder: Path
    settings: Mapping[str, str]
    receiver: Receiver
    ports: dict[str, int] = field(default_factory=dict)
    running: dict[str, Child] = field(default_factory=dict)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port(name)}"

    def port(self, name: str) -> int:
        if name not in self.ports:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.ports[name] = probe.getsockname()[1]
        return self.ports[name]

    def start_service(self, job: str) -> None:
        if job == "discovery":
            self._python(job, "serve", "--port", str(self.port(job)))
            until(lambda: answers(f"{self.url(job)}/health/ready"), f"{job} is ready")
        else:
            worker = job.replace("_", "-")
            self._python(job, "work", worker, "--allow", "127.0.0.0/8", "--metrics-port", str(self.port(job)))

    def start_monitoring(self) -> None:
        here = self.folder
        (here / "routing-key").write_text("a-routing-key-of-32-characters!!")
        (here / "slack-url").write_text(f"{self.receiver.url}/slack")
        receivers = Receivers(
            pagerduty_key_file=str(here / "routing-key"),
            slack_url_file=str(here / "slack-url"),
            pagerduty_url=f"{self.receiver.url}/pagerduty",
            dead_mans_switch=f"{self.receiver.url}/dead-mans-switch",
        )
        (here / "alertmanager.yml").write_text(as_yaml(alertmanager_document(receivers, Pace(1 / 1200, 1))))
        (here / "alerts.yml").write_text(as_yaml(rules_document(QUICK)))
        scraping = Scraping(
            targets={job: f"127.0.0.1:{self.port(job)}" for job in JOBS},
            alertmanager=f"127.0.0.1:{self.port('alertmanager')}",
            every=SCRAPE_SECONDS,
        )
        (here / "prometheus.yml").write_text(as_yaml(prometheus_document(scraping)))
        self._start(
            "alertmanager",
            program("prometheus-alertmanager"),
            *(f"--config.file={here / 'alertmanager.yml'}", f"--storage.path={here / 'alertmanager'}"),
            *(f"--web.listen-address=127.0.0.1:{self.port('alertmanager')}", "--cluster.listen-address="),
        )
        self._start(
            "prometheus",
            program("prometheus"),
            *(f"--config.file={here / 'prometheus.yml'}", f"--storage.tsdb.path={here / 'prometheus'}"),
            f"--web.listen-address=127.0.0.1:{self.port('prometheus')}",
        )
        for name in ("alertmanager", "prometheus"):
            until(lambda name=name: answers(f"{self.url(name)}/-/ready"), f"{name} is ready")  # type: ignore[misc]

    def stop(self, name: str, how: int = signal.SIGTERM) -> None:
        self.running.pop(name).stop(how, seconds=10)

    def stop_all(self) -> None:
        for name in reversed(list(self.running)):
            self.stop(name)

    def query(self, expression: str) -> list[Any]:
        answer = httpx.get(f"{self.url('prometheus')}/api/v1/query", params={"query": expression}, timeout=20)
        assert answer.status_code == 200, answer.text
        found: list[Any] = answer.json()["data"]["result"]
        return found

    def firing(self) -> set[str]:
        return {alert["metric"]["alertname"] for alert in self.query('ALERTS{alertstate="firing"}')}

    def _python(self, name: str, *arguments: str) -> None:
        self._start(name, sys.executable, "-m", "reference_service", *arguments)

    def _start(self, name: str, *argv: str) -> None:
        log = self.folder / f"{name}.log"
        self.running[name] = self.children.start(name, argv, log=log, extra=self.settings)


def until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.2)


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def visitors(url: str, *, clients: int, pause: float, first: int) -> Iterator[None]:
    """Clients who search, each from an address of its own, until the block ends."""
    leave = threading.Event()

    def visit(number: int) -> None:
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{first + number}")
        with httpx.Client(transport=transport, base_url=url, timeout=20) as client:
            while not leave.wait(pause):
                try:
                    client.get("/v1/marketplace/vendors", params={"q": "vendor"})
                except httpx.TransportError:
                    leave.wait(0.2)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        leave.set()
        for thread in threads:
            thread.join()
