"""The reference under 200 requests a second, while its servers, a process of it, its leader are killed."""

import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from harness.children.processes import Process, Processes
from harness.commands.bench_arrivals import Sample, offer
from harness.commands.bench_requests import Request, read_vocabulary, requests
from harness.environment import postgres as embedding
from harness.environment.ports import reserved_port
from harness.environment.postgres import Postgres, embedded_postgres
from harness.environment.readiness import wait_until_listening
from harness.environment.stack import ReferenceStack, Servers, StackFolder, StackOptions, reference_stack
from harness.environment.valkey import Valkey, embedded_valkey

pytestmark = pytest.mark.alone

RATE = 200
BACK_WITHIN_SECONDS = 5
TAKEOVER_WITHIN_SECONDS = 10


@dataclass
class Stack:
    processes: Processes
    folder: Path
    postgres: Postgres
    valkey: Valkey
    service: ReferenceStack
    asked: Iterator[Request]
    ports: ExitStack

    @property
    def url(self) -> str:
        return self.service.target.base_url

    def under_load(self, action: Callable[[], None], seconds: float) -> Counter[int]:
        """What the answers were, 0 for none, while `action` happened a second after the start."""
        samples: list[Sample] = []
        load = threading.Thread(
            target=lambda: samples.extend(offer(self.url, self.asked, rate=RATE, seconds=seconds))
        )
        load.start()
        time.sleep(1)  # the load is to run before something fails
        action()
        load.join()
        return Counter(sample.status for sample in samples)

    def readiness(self) -> tuple[int, str]:
        try:
            with urlopen(f"{self.url}/health/ready", timeout=5) as answer:  # noqa: S310  # our own server
                return 200, json.load(answer)["status"]
        except HTTPError as error:
            with error:
                return error.code, ""
        except URLError:
            return 0, ""

    def api_processes(self) -> set[int]:
        parent = int((self.folder / "stack/data/api.pid").read_text())
        return set(map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split()))

    def start_workers(self, name: str) -> Process:
        """All workers, in a process of their own; a round is due each second."""
        log, settings = self.folder / f"{name}.log", StackFolder(self.folder / "stack").settings
        command = [sys.executable, "-m", "reference_service", "--settings", str(settings), "work", "all"]
        due = ("HEALTH_CHECK", "AGGREGATE", "PARTITION")
        every_second = {f"REFERENCE_{worker}_INTERVAL": "1" for worker in due}
        allowed = ["--allow", "127.0.0.0/8"]
        port = self.ports.enter_context(reserved_port())
        listens = ["--metrics-port", str(port)]
        worker = self.processes.start(
            name, command + allowed + listens, log=log, folder=self.folder, extra=every_second
        )
        wait_until_listening(worker, port, seconds=30)
        return worker

    def last_runs(self) -> list[datetime]:
        with urlopen(f"{self.url}/health/workers", timeout=5) as answer:  # noqa: S310  # our own server
            workers = json.load(answer)["workers"].values()
        return [datetime.fromisoformat(worker["lastRun"]) for worker in workers if worker["lastRun"]]

    def have_run_since(self, moment: datetime) -> bool:
        runs = self.last_runs()
        return len(runs) == 3 and min(runs) > moment

    def restart_postgres(self) -> Process:
        data, log = self.folder / "postgres", self.folder / "postgres.log"
        server = embedding._start(self.processes, data, self.postgres.port, log)
        assert embedding._answers(server, data, time.monotonic() + 30)
        return server


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    os.chmod(tmp_path.parent, 0o755)  # noqa: PTH101, S103  # PostgreSQL may run as another user
    folder = StackFolder(tmp_path / "stack")
    (folder.path / "logs").mkdir(parents=True)
    folder.data.mkdir()
    options = StackOptions(rate_limit=1_000_000_000)
    with (
        ExitStack() as ports,
        Processes() as processes,
        embedded_postgres(processes, data=tmp_path / "postgres", log=tmp_path / "postgres.log") as postgres,
        embedded_valkey(processes, data=tmp_path / "valkey", log=tmp_path / "valkey.log") as valkey,
        reference_stack(processes, folder, Servers(postgres.url(), valkey.url), options) as service,
    ):
        service.populate(vendors=200, seed=1)
        asked = requests(read_vocabulary(service.target.base_url), seed=1)
        yield Stack(processes, tmp_path, postgres, valkey, service, asked, ports)


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def test_the_leading_worker_is_killed_under_load(stack: Stack) -> None:
    leading = stack.start_workers("leading")
    until(lambda: len(stack.last_runs()) == 3, 30, "the workers have not run")
    waiting = stack.start_workers("waiting")
    killed: list[datetime] = []

    def kill() -> None:
        leading.stop(signal.SIGKILL, seconds=1)
        killed.append(datetime.now(UTC))

    answers = stack.under_load(kill, 3)
    assert answers.keys() == {200}, "the API goes on"
    until(lambda: stack.have_run_since(killed[0]), TAKEOVER_WITHIN_SECONDS, "nobody took over")
    assert stack.under_load(lambda: None, 1).keys() == {200}
    assert waiting.exit_code() is None


def test_redis_then_postgresql_then_a_process_is_killed_under_load(stack: Stack) -> None:
    processes = stack.api_processes()
    assert (len(processes), stack.readiness()) == (2, (200, "ready"))

    answers = stack.under_load(lambda: stack.valkey.process.stop(signal.SIGKILL, seconds=1), 3)
    assert answers.keys() == {200}, "without Redis everything is served"
    assert stack.readiness() == (200, "degraded")

    answers = stack.under_load(lambda: _postgres_goes_and_comes(stack), 5)
    assert answers.keys() == {200, 503}, "what cannot be served meanwhile is refused in order"
    assert stack.api_processes() == processes, "no process was lost"
    assert stack.under_load(lambda: None, 2).keys() == {200}

    victim = min(processes)
    answers = stack.under_load(lambda: os.kill(victim, signal.SIGKILL), 4)
    assert answers.keys() <= {200, 0}, "its connections break, and nothing else"
    assert answers[0] <= 32, "at most what each of the 32 connections had in hand"
    until(lambda: len(stack.api_processes() - {victim}) == 2, 10, "the process was not replaced")
    assert stack.under_load(lambda: None, 2).keys() == {200}


def _postgres_goes_and_comes(stack: Stack) -> None:
    stack.postgres.process.stop(signal.SIGQUIT, seconds=5)
    until(lambda: stack.readiness()[0] == 503, 5, "ready without its database")
    stack.restart_postgres()
    until(lambda: stack.readiness()[0] == 200, BACK_WITHIN_SECONDS, "not ready after its database's return")
