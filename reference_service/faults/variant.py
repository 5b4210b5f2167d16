"""Serves the service with one fault in it, over data of its own, and writes the profile for its tests."""

import json
import random
import socket
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import MappingProxyType

from reference_service.cache.scratch import scratch_redis
from reference_service.commands import serve as serving
from reference_service.commands.lifeline import die_with_parent
from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import both, name
from reference_service.faults.watched import start_workers, watched_settings
from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.migrator import migrate_up
from reference_service.storage.scratch import scratch_database

# Two processes are the fewest that show a fault of sharing; what is not about that is tried sooner in one.
PROCESSES = MappingProxyType({Level.OPERATIONS: 2})
_PORTS = range(20_000, 32_000)

# Answers that were prepared would hide what is wrong with the search.
nothing_prepared = both(
    name("commands.load_fixtures:prepare_searches", lambda *_: True),
    name("storage.metrics_aggregation:prepare_searches", lambda *_: True),
)


FAULTS = "reference_service.faults"  # the module whose commands the profile names


def serve(fault: Fault, settings: Settings, file: Path | None, *, module: str = FAULTS) -> int:
    """Print the profile's path, then serve until SIGTERM."""
    die_with_parent()
    port = free_port()
    _install_in_each_process(fault)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reference-variant-")))
        own = _of_its_own(fault, settings, stack)
        settings_file = _written(folder / "settings.env", own, settings, file)
        profile = folder / "target.yaml"

        def command(file: Path) -> list[str]:
            return [sys.executable, "-m", module, "--settings", str(file), fault.name, "--"]

        base_url = f"http://127.0.0.1:{port}"
        metrics_urls = [f"{base_url}/metrics"]
        if fault.workers:
            watched, telling = watched_settings(own, base_url, stack), free_port()
            watched_file = _written(folder / "watched.env", watched, settings, file)
            start_workers(command(watched_file), telling, stack)
            metrics_urls.append(f"http://127.0.0.1:{telling}/metrics")
        profile.write_text(
            _profile(fault, own, command(settings_file), base_url, metrics_urls), encoding="utf-8"
        )
        print(profile, flush=True)
        return serving.serve(own, ["--port", str(port), "--processes", str(PROCESSES.get(fault.level, 1))])


def _of_its_own(fault: Fault, settings: Settings, stack: ExitStack) -> Settings:
    """Nobody else's data, caches, limits or metrics: variants are tried side by side."""
    url = stack.enter_context(scratch_database(settings, "variant"))
    redis_url = stack.enter_context(scratch_redis(settings.redis_url)) if settings.redis_url else ""
    own = {"database_url": url, "redis_url": redis_url, "metrics_dir": ""}
    settings = settings.model_copy(update={**own, **fault.settings})
    with open_connection(settings) as connection:
        migrate_up(connection)
    return settings


def _written(path: Path, own: Settings, settings: Settings, file: Path | None) -> Path:
    """A dotenv file for the variant's commands: the given one's lines, and what is another there."""
    changed = {
        name: value for name, value in own.model_dump().items() if value != getattr(settings, name)
    } | {"database_url": own.database_url, "redis_url": own.redis_url}
    lines = [f"REFERENCE_{name.upper()}={value}" for name, value in changed.items()]
    given = file.read_text("utf-8") if file else ""
    path.touch(mode=0o600)
    path.write_text("\n".join([given, *lines, ""]), encoding="utf-8")
    return path


def _install_in_each_process(fault: Fault) -> None:
    """The parts are replaced where they are used: in the server's processes, before they load the service."""
    right = vars(serving)["_loader"]

    def loader(settings: Settings, parent: int) -> object:
        load = right(settings, parent)

        def load_with_fault() -> object:
            fault.install()
            return load()

        return load_with_fault

    vars(serving)["_loader"] = loader


def free_port() -> int:
    """Below those that the system gives to clients, of which each test is one."""
    for port in random.sample(_PORTS, len(_PORTS)):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no port is free")


def _profile(
    fault: Fault, settings: Settings, faulty: Sequence[str], base_url: str, metrics_urls: Sequence[str]
) -> str:
    """JSON is YAML too."""
    check = [*faulty, "work", "health-checker", "--once"]
    return json.dumps(
        {
            "name": f"reference with {fault.name}",
            "base_url": base_url,
            "fixtures": {"load": [*faulty, "load-fixtures", "{file}"]},
            "rate_limit": {
                "requests": settings.rate_limit_requests,
                "per_seconds": settings.rate_limit_seconds,
            },
            "cors": {"allowed": settings.cors_origins[0], "denied": "http://evil.example"},
            "capabilities": [
                "search", "rate_limit", "cors", "conditional_requests", "health_endpoints", "metrics",
            ],
            "workers": {
                "check_health": check,
                "check_health_allowing": [*check, "--allow", "{networks}", "--deadline", "{seconds}"],
                "aggregate_metrics": [*faulty, "work", "metrics-aggregator", "--once"],
            },
            "metrics_urls": metrics_urls,
        },
        indent=2,
    )  # fmt: skip
