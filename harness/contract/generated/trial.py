"""Starts the process that draws requests, and collects what it found."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import yaml

from harness.contract.client import SPARE_REQUESTS, Client
from harness.contract.diagnosis import ContractBroken, Traffic
from harness.contract.generated.told import ASK, Document, Finding, Order, Summary
from harness.contract.paths import BASE
from harness.errors import CouldNotDecideError
from harness.evidence import Json
from harness.target import ClientIdentity, Target

OURS, ITS_OWN = "the contract's document", "its own document"
OUR_DOCUMENT = Path(__file__).with_name("openapi.yaml")
EXAMPLES, EXAMPLES_OF_ITS_OWN, EXAMPLES_OF_A_SINGLE_CLIENT = 25, 10, 2
OTHER_METHODS = ("delete", "get", "patch", "post", "put")  # the rest are often the front server's own
SECONDS, SECONDS_OF_A_SINGLE_CLIENT = 300.0, 1200.0  # far more than it takes
PATIENCE_SECONDS = 60.0  # beyond that, for starting and for the answer on its way
WHERE_SERVED = ("/openapi.yaml", "/openapi.json")

_Told = msgspec.json.Decoder(Finding | Summary)


@dataclass
class Trial:
    """`start` it, and ask for the findings later; `ask` waits until one more request may be sent."""

    order: Order
    folder: Path
    traffic: Traffic
    ask: Callable[[], None]
    found: list[Finding] = field(default_factory=list)
    summary: Summary | None = None
    _process: "subprocess.Popen[str] | None" = None
    _reader: threading.Thread | None = None
    _said: str = ""

    @property
    def started(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        # An empty folder: a schemathesis.toml beside or above the profile must not change the verdict.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "harness.contract.generated.child"],
            cwd=self.folder,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, name="drawn-requests", daemon=True)
        self._reader.start()

    def wait(self) -> Summary:
        """Raises CouldNotDecideError where the process did not come to its end."""
        assert self._process
        assert self._reader
        self._reader.join(self.order.seconds * len(self.order.documents) + PATIENCE_SECONDS)
        if self.summary is None:
            self.stop()
            last = (self._said.strip().splitlines() or ["it took too long"])[-1]
            raise CouldNotDecideError(f"requests could not be drawn from a document: {last}")
        return self.summary

    def document(self, name: str) -> Document:
        return next(document for document in self.order.documents if document.name == name)

    def of(self, document: str, operation: str | None = None) -> list[Finding]:
        self.wait()
        return [f for f in self.found if f.document == document and operation in (None, f.operation)]

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.kill()
        if self._process:
            self._process.wait(10)
        if self._reader:
            self._reader.join(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read(self) -> None:
        process = self._process
        assert process and process.stdin and process.stdout and process.stderr  # noqa: PT018
        with suppress(BrokenPipeError, ValueError):
            self._tell(process, msgspec.json.encode(self.order).decode())
            for line in process.stdout:
                if line.strip() == ASK:
                    self.ask()
                    self._tell(process, "")
                elif line.startswith("{"):
                    self._take(_Told.decode(line))
            self._said = process.stderr.read()

    def _tell(self, process: "subprocess.Popen[str]", line: str) -> None:
        assert process.stdin
        process.stdin.write(line + "\n")
        process.stdin.flush()

    def _take(self, told: Finding | Summary) -> None:
        if isinstance(told, Finding):
            self.found.append(told)
            return
        for of_document in told.answers.values():
            for operation, answers in of_document.items():
                for status, times in answers.items():
                    self.traffic.note(operation, status, times)
        self.summary = told


def trial_of(
    target: Target,
    identity: ClientIdentity,
    client: Client,
    seed: int,
    traffic: Traffic,
    ask: Callable[[], None],
) -> Trial:
    """The trial of a target: by the contract's document, and by its own where it serves one."""
    folder = Path(tempfile.mkdtemp(prefix="launchkit-drawn-"))
    single = identity is ClientIdentity.SINGLE
    examples = EXAMPLES_OF_A_SINGLE_CLIENT if single else EXAMPLES
    documents = [Document(OURS, str(OUR_DOCUMENT), examples, () if target.only_read else OTHER_METHODS)]
    own = None if single else its_own(client)
    if own is not None:
        path = folder / "its-own.yaml"
        path.write_text(own, "utf-8")
        documents.append(Document(ITS_OWN, str(path), EXAMPLES_OF_ITS_OWN))
    order = Order(
        base_url=target.base_url,
        seed=seed,
        identity=identity.value,
        per_client=max(1, target.rate_limit.requests - SPARE_REQUESTS),
        seconds=SECONDS_OF_A_SINGLE_CLIENT if single else SECONDS,
        documents=tuple(documents),
        headers=dict(target.headers),
    )
    return Trial(order, folder, traffic, ask)


def its_own(client: Client) -> str | None:
    """The OpenAPI 3 document that the target serves, if it does and its paths are the contract's."""
    for path in WHERE_SERVED:
        try:
            answer = client.get(path)
            document = yaml.safe_load(answer.text()) if answer.status == 200 else None
        except (ContractBroken, yaml.YAMLError):
            continue
        if isinstance(document, dict) and _describes_the_marketplace(document):
            return answer.text()
    return None


def _describes_the_marketplace(document: dict[str, Json]) -> bool:
    servers, paths = document.get("servers") or [{}], document.get("paths")
    if not str(document.get("openapi", "")).startswith("3.") or not isinstance(paths, dict):
        return False
    first = servers[0] if isinstance(servers, list) else {}
    below = str(first.get("url", "")) if isinstance(first, dict) else ""
    return any(BASE in f"{below}{name}" for name in paths)


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SCHEMATHESIS", "HYPOTHESIS"))
    }
