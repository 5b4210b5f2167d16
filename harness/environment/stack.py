"""The reference service on top of its two servers: migrated, started, populated, stopped in order."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.children.errors import StartError
from harness.children.processes import Process, Processes
from harness.environment.console import ConsoleBuild
from harness.environment.monitoring import Monitoring
from harness.environment.ports import HOST, reserved_port
from harness.environment.profile import ALLOWED_ORIGIN, StackProfile
from harness.environment.readiness import wait_until_listening, wait_until_ready
from harness.environment.release import current_commit, current_version
from harness.environment.secret_files import write_secret
from harness.target import Target, read_target

PROFILE = "target.yaml"
_LOOPBACK = "127.0.0.0/8"  # where the stub vendors are; the workers of this stack may dial them
_MIGRATE_SECONDS = 60.0
_POPULATE_SECONDS = 300.0
_POPULATE_SECONDS_A_VENDOR = 0.02
_STOP_SECONDS = 3.0  # nothing of it is kept: what hangs longer is killed


@dataclass(frozen=True, slots=True)
class Servers:
    """The two servers that the service needs."""

    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class StackOptions:
    """`port` 0 is any free one; `start_seconds` bounds the wait for readiness."""

    port: int = 0
    rate_limit: int = 100
    api_processes: int = 2
    start_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class StackFolder:
    """What a stack keeps in its run folder; all but the logs and the profile goes at the end."""

    path: Path

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def settings(self) -> Path:
        return self.data / "settings.env"

    @property
    def profile(self) -> Path:
        return self.path / PROFILE

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"

    def pidfile(self, name: str) -> Path:
        return self.data / f"{name}.pid"


class ReferenceStack:
    """A running reference service. `target` is its profile as of now: `start_workers` adds to it."""

    target: Target

    def __init__(
        self, processes: Processes, folder: StackFolder, profile: StackProfile, stops: ExitStack
    ) -> None:
        self.processes = processes
        self._folder = folder
        self._profile = profile
        self._stops = stops
        self._started: list[Process] = []
        self._console: ConsoleBuild | None = None
        self._monitoring: Monitoring | None = None
        self._publish(profile)

    def serve(self, port: int, options: StackOptions) -> None:
        """Start the API and wait until it is ready. Raises StartError."""
        api = self._start(
            *("api", "serve", "--host", HOST, "--port", str(port)),
            *("--processes", str(options.api_processes)),
        )
        wait_until_ready(api, self.target.base_url + "/health/ready", seconds=options.start_seconds)

    def populate(self, *, vendors: int, seed: int) -> None:
        """Load the realistic catalogue, its vendors on a stub server of ours, and rate them once.

        Raises StartError.
        """
        port = self._stops.enter_context(reserved_port())
        stubs = self._start("stub-vendors", "stub-vendors", "--port", str(port), "--seed", str(seed))
        wait_until_listening(stubs, port, seconds=30.0)
        url = f"http://{HOST}:{port}"
        seconds = _POPULATE_SECONDS + vendors * _POPULATE_SECONDS_A_VENDOR
        self._run(
            "catalogue",
            *("load-catalogue", "--vendors", str(vendors), "--seed", str(seed), "--stub-url", url),
            seconds=seconds,
        )
        self._run("catalogue", "work", "metrics-aggregator", "--once", seconds=seconds)

    def start_workers(self, *, aggregate_seconds: float | None = None) -> None:
        """Start the scheduled workers; the suite must not run while they do. Raises StartError.

        `aggregate_seconds`: between two rounds of the aggregator, where the service's own time is too long.
        """
        port = self._stops.enter_context(reserved_port())
        often = {"REFERENCE_AGGREGATE_INTERVAL": f"{aggregate_seconds:g}"} if aggregate_seconds else {}
        workers = self._start(
            "workers",
            *("work", "all", "--allow", _LOOPBACK, "--metrics-port", str(port)),
            extra={"REFERENCE_METRICS_DIR": ""} | often,  # theirs are not the API's
        )
        metrics_url = f"http://{HOST}:{port}/metrics"
        wait_until_ready(workers, metrics_url, seconds=30.0)
        self._publish(
            self._profile.with_workers(
                metrics_url=metrics_url, pidfile=self._folder.pidfile("workers"), log=workers.log
            )
        )

    def begin_console(self, *, build: bool) -> None:
        """Begin to build the console where it is missing or stale; else only see whether it is there."""
        arguments = ("build-console",) if build else ("build-console", "--check")
        self._console = ConsoleBuild(self._start_beside("console", *arguments))

    def finish_console(self, *, seconds: float, tell: Callable[[str], None]) -> str:
        """Wait for it, and put it into the profile; else say why it is not there."""
        problem = self._console.problem(seconds=seconds, tell=tell) if self._console else "it was not begun"
        if not problem:
            self._publish(self._profile.with_console(f"{self.target.base_url}/marketplace"))
        return problem

    def start_monitoring(self) -> str:
        """Have a Prometheus watch the API and the workers; why there is none, empty where there is."""
        port = self._stops.enter_context(reserved_port())
        monitoring = Monitoring(self._start_beside, self._folder.data / "prometheus", port)
        api, workers = self.target.metrics_urls
        try:
            monitoring.begin(api=api, workers=workers)
        except StartError as error:
            return str(error)
        self._monitoring = monitoring
        self._publish(self._profile.with_prometheus(monitoring.url))
        return ""

    def record_dashboard(self) -> str:
        """Keep in the run folder what the dashboard showed; why there is nothing, empty where there is."""
        if self._monitoring is None:
            return "nothing was watched"
        try:
            self._monitoring.record(self._folder.path)
        except StartError as error:
            return str(error)
        return ""

    def require_alive(self) -> None:
        """Raises StartError where a process of the stack has ended."""
        for process in self._started:
            if process.exit_code() is not None:
                raise process.died()

    def _start(self, name: str, *arguments: str, extra: dict[str, str] | None = None) -> Process:
        process = self.processes.start(
            name,
            self._profile.service(*arguments),
            log=self._folder.log(name),
            folder=self._folder.path,
            extra=extra,
        )
        self._folder.pidfile(name).write_text(f"{process.pid}\n", encoding="ascii")
        self._started.append(process)
        self._stops.callback(process.stop, signal.SIGTERM, seconds=_STOP_SECONDS)
        return process

    def _start_beside(self, name: str, *arguments: str) -> Process:
        """Start what the stack can do without."""
        process = self.processes.start(
            name, self._profile.service(*arguments), log=self._folder.log(name), folder=self._folder.path
        )
        self._stops.callback(process.stop, signal.SIGTERM, seconds=_STOP_SECONDS)
        return process

    def _run(self, name: str, *arguments: str, seconds: float) -> None:
        _run(self.processes, self._folder, self._profile, name, *arguments, seconds=seconds)

    def _publish(self, profile: StackProfile) -> None:
        self._profile = profile
        write_secret(self._folder.profile, profile.to_yaml())
        self.target = read_target(self._folder.profile)


@contextmanager
def reference_stack(
    processes: Processes, folder: StackFolder, servers: Servers, options: StackOptions
) -> Iterator[ReferenceStack]:
    """Migrate and serve; stop the workers first, then the API. Raises StartError, PortTakenError."""
    with ExitStack() as stops:
        port = stops.enter_context(reserved_port(options.port))
        write_secret(folder.settings, _settings(folder, servers, options))
        profile = StackProfile(
            base_url=f"http://{HOST}:{port}",
            database_url=servers.database_url,
            settings_file=folder.settings,
            release=current_version(),
            commit=current_commit(),
            rate_limit=options.rate_limit,
            metrics_urls=(f"http://{HOST}:{port}/metrics",),
            pidfiles=(folder.pidfile("api"),),
            logs=(folder.log("api"),),
        )
        _run(processes, folder, profile, "migrate", "migrate", "up", seconds=_MIGRATE_SECONDS)
        stack = ReferenceStack(processes, folder, profile, stops)
        stack.serve(port, options)
        yield stack


def _run(
    processes: Processes,
    folder: StackFolder,
    profile: StackProfile,
    name: str,
    *arguments: str,
    seconds: float,
) -> None:
    """Run a command of the service to its end. Raises StartError where it fails."""
    process = processes.start(
        " ".join(arguments[:2]), profile.service(*arguments), log=folder.log(name), folder=folder.path
    )
    if process.wait(seconds) != 0:
        raise process.died()


def _settings(folder: StackFolder, servers: Servers, options: StackOptions) -> str:
    metrics = folder.data / "metrics"
    metrics.mkdir(mode=0o700)
    values = {
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "RATE_LIMIT_REQUESTS": str(options.rate_limit),
        "CORS_ORIGINS": ALLOWED_ORIGIN,
        "METRICS_DIR": str(metrics),
    }
    return "".join(f"REFERENCE_{name}={value}\n" for name, value in values.items())
