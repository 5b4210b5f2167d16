"""Scheduled workers with a fault in them, beside a variant: on data of their own, for their metrics alone."""

import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal

from reference_service.commands.lifeline import die_with_parent
from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.fixture_document import FixtureDocument, Vendor
from reference_service.storage.fixture_loader import replace_all
from reference_service.storage.migrator import migrate_up
from reference_service.storage.scratch import scratch_database

ROUND_SECONDS = 0.2
_STOP_SECONDS = 10.0
_LOOPBACK = "127.0.0.0/8"


def watched_settings(settings: Settings, api: str, stack: ExitStack) -> Settings:
    """Those of the workers: often, and over two vendors of which one is the API and one never answers."""
    url = stack.enter_context(scratch_database(settings, "watched"))
    silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    vendors = [_vendor(1, api), _vendor(2, f"http://127.0.0.1:{silent.getsockname()[1]}")]
    often = {"health_check_interval": ROUND_SECONDS, "aggregate_interval": ROUND_SECONDS}
    settings = settings.model_copy(update={"database_url": url, "redis_url": "", **often})
    with open_connection(settings) as connection:
        migrate_up(connection)
        replace_all(connection, FixtureDocument(version=1, vendors=vendors))
    return settings


def start_workers(command: Sequence[str], port: int, stack: ExitStack) -> None:
    """Have workers tell their metrics on that port until the stack is left.

    `command` runs a command of the service with the fault and the workers' settings.
    """
    workers = subprocess.Popen(
        [*command, "work", "all", "--allow", _LOOPBACK, "--deadline", "0.3", "--metrics-port", str(port)],
        stdout=sys.stderr,  # ours is for the path of the profile
        preexec_fn=die_with_parent,  # noqa: PLW1509 - there is no other thread yet
    )
    stack.callback(workers.wait, _STOP_SECONDS)
    stack.callback(workers.terminate)


def _vendor(number: int, base_url: str) -> Vendor:
    return Vendor(
        id=number,
        app_id=f"mp_app_watched_{number}",
        slug=f"watched-{number}",
        service_name=f"Watched {number}",
        description="Checked for the sake of the metrics",
        category="watched",
        base_url=base_url,
        health_endpoint="/health/live",
        default_price_usd=Decimal("0.001"),
        is_verified=False,
        status="active",
        created_at=datetime.now(UTC),
    )
