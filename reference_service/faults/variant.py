"""Serves the service with one fault in it, and writes the profile by which it is tested."""

import json
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from reference_service.commands import serve as serving
from reference_service.commands.lifeline import die_with_parent
from reference_service.faults.fault import Fault
from reference_service.faults.parts import name
from reference_service.settings import Settings

PROCESSES = 2  # the fewest that show a fault of sharing

# Answers prepared by the healthy service would hide what is wrong with the search.
_nothing_prepared = name("storage.marketplace:prepared_statement", lambda *_: None)


def serve(fault: Fault, settings: Settings, settings_arguments: Sequence[str]) -> int:
    """Print the profile's path, then serve until SIGTERM."""
    die_with_parent()
    port = _free_port()
    _install_in_each_process(fault)
    with tempfile.TemporaryDirectory(prefix="reference-variant-") as folder:
        profile = Path(folder, "target.yaml")
        profile.write_text(_profile(fault, settings, settings_arguments, port), encoding="utf-8")
        print(profile, flush=True)
        # A metrics folder of its own: serving empties it, and the healthy service may still use the other.
        apart = settings.model_copy(update={"metrics_dir": ""})
        return serving.serve(apart, ["--port", str(port), "--processes", str(PROCESSES)])


def _install_in_each_process(fault: Fault) -> None:
    """The parts are replaced where they are used: in the server's processes, before they load the service."""
    right = vars(serving)["_loader"]

    def loader(settings: Settings, parent: int) -> object:
        load = right(settings, parent)

        def load_with_fault() -> object:
            fault.install()
            _nothing_prepared()
            return load()

        return load_with_fault

    vars(serving)["_loader"] = loader


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _profile(fault: Fault, settings: Settings, settings_arguments: Sequence[str], port: int) -> str:
    """JSON is YAML too. Loading data needs no fault; a worker has the fault like the API."""
    python = [sys.executable, "-m"]
    service = [*python, "reference_service", *settings_arguments]
    faulty = [*python, "reference_service.faults", *settings_arguments, fault.name, "--"]
    check = [*faulty, "work", "health-checker", "--once"]
    return json.dumps(
        {
            "name": f"reference with {fault.name}",
            "base_url": f"http://127.0.0.1:{port}",
            "fixtures": {"load": [*service, "load-fixtures", "{file}"]},
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
        },
        indent=2,
    )  # fmt: skip
