"""`serve --host 127.0.0.1 --port 8080 --processes 2 [--rate-limit N]`."""

import errno
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from reference_service.api.edge import Application
from reference_service.commands.arguments import Arguments, positive
from reference_service.commands.lifeline import die_with_parent
from reference_service.commands.scratch import scratch_folder
from reference_service.domain.errors import UnavailableError
from reference_service.settings import Settings
from reference_service.storage.budget import connections_short

# Threads past the pool's size, which is also how many may wait for bodies: for answers that need neither a
# connection nor a body, such as cached ones and health.
_SPARE_THREADS = 4
_LONGEST_REQUEST_HEAD = 64 * 1024
SHUTDOWN_SECONDS = 8
_ASK_SECONDS = 0.5


def serve(settings: Settings, argv: list[str]) -> int:
    """Serve the API until SIGTERM or SIGINT; requests in hand are finished."""
    parser = Arguments(prog="serve", description=serve.__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--processes", type=positive, default=2)
    parser.add_argument("--rate-limit", type=positive, metavar="N", help="requests a client and window")
    arguments = parser.parse_args(argv)
    if problem := _unusable(arguments.host, arguments.port):
        print(f"reference_service serve: {problem}", file=sys.stderr)
        return 2
    if arguments.rate_limit is not None:
        settings = settings.model_copy(update={"rate_limit_requests": arguments.rate_limit})
    with _metrics_folder(settings) as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        _run(settings.model_copy(update={"metrics_dir": str(folder)}), arguments)
    return 0


def _run(settings: Settings, arguments: Any) -> None:
    # Imported late: prometheus_client reads its folder's variable when it is imported.
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415
    from granian.server.mp import MPServer  # noqa: PLC0415

    from reference_service.telemetry.logs import configure_logs, logging_config  # noqa: PLC0415

    configure_logs(settings.log_level)
    check_budget(settings, arguments.processes)
    server = MPServer(
        "reference_service",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=arguments.processes,
        blocking_threads=settings.pool_max + _SPARE_THREADS,
        websockets=False,
        http1_settings=HTTP1Settings(max_buffer_size=_LONGEST_REQUEST_HEAD),
        log_dictconfig=logging_config(settings.log_level),
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=SHUTDOWN_SECONDS,
    )
    server.hooks_startup.append(lambda: _ask_again_to_end(server))
    load = _loader(settings, os.getpid())
    server.serve(target_loader=_ending_at_once(load, lambda: server.interrupt_signal), wrap_loader=False)


def check_budget(settings: Settings, processes: int) -> None:
    """Say it now, not under load, where the database cannot give what the pools may ask for."""
    log = structlog.get_logger("serve")
    try:
        short = connections_short(settings, processes)
    except UnavailableError as error:
        log.warning("started without the database", problem=str(error))
        return
    if short:
        log.warning("the pools may want more connections than the database has", short=short)


def _loader(settings: Settings, parent: int) -> Callable[[], Application]:
    def load() -> Application:
        from reference_service.app import create_service  # noqa: PLC0415
        from reference_service.telemetry.logs import configure_logs  # noqa: PLC0415

        _die_with(parent)
        configure_logs(settings.log_level)
        return create_service(settings).application

    return load


def _ask_again_to_end(server: Any) -> None:
    """One between loading and serving loses a signal: once asked to end, all are asked until they do."""

    def ask() -> None:
        while not server.interrupt_signal:
            time.sleep(_ASK_SECONDS)
        while True:
            time.sleep(_ASK_SECONDS)
            for worker in tuple(server.wrks):
                worker.terminate()

    threading.Thread(target=ask, name="end", daemon=True).start()


def _ending_at_once(
    load: Callable[[], Application], asked_to_end: Callable[[], bool]
) -> Callable[[], Application]:
    """A process that still loads has nothing in hand: SIGTERM ends it, where it would wait to be killed.

    It was forked with its parent's handler, which only makes a note that nobody reads there.
    """

    def load_or_end() -> Application:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if asked_to_end():
            os._exit(0)
        return load()

    return load_or_end


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, which may have happened already."""
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)


@contextmanager
def _metrics_folder(settings: Settings) -> Iterator[Path]:
    """An empty folder for the processes' metrics: those of an earlier start would count twice."""
    if not settings.metrics_dir:
        with scratch_folder("reference-metrics") as scratch:
            yield scratch
        return
    folder = Path(settings.metrics_dir) / "api"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder


def _unusable(host: str, port: int) -> str:
    """Why the address cannot be listened on; empty where it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            return f"port {port} is taken; choose another with --port"
        return f"cannot listen on {host}:{port}: {error}"
    return ""
