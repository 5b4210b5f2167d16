"""What goes wrong: each fault lasts as long as its block."""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from psycopg import connect

from reference_service.ops.tests.watched import Watched, visitors
from reference_service.tests.workers.database import Marketplace

Fault = Callable[[Watched, Marketplace], AbstractContextManager[None]]
HELD_SECONDS = 0.7


@contextmanager
def slow_searches(watched: Watched, marketplace: Marketplace) -> Iterator[None]:
    """Every search waits for a lock that someone takes again and again."""
    leave = threading.Event()

    def hold() -> None:
        with connect(marketplace.url) as connection:
            while not leave.is_set():
                with connection.transaction():
                    connection.execute("LOCK TABLE vendors IN ACCESS EXCLUSIVE MODE")
                    leave.wait(HELD_SECONDS)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        yield
    finally:
        leave.set()
        thread.join()


@contextmanager
def failing_searches(watched: Watched, marketplace: Marketplace) -> Iterator[None]:
    marketplace.connection.execute("ALTER TABLE vendor_endpoints RENAME TO mislaid")
    marketplace.connection.execute("ALTER TABLE vendor_metrics RENAME TO mislaid_too")
    try:
        yield
    finally:
        marketplace.connection.execute("ALTER TABLE mislaid RENAME TO vendor_endpoints")
        marketplace.connection.execute("ALTER TABLE mislaid_too RENAME TO vendor_metrics")


@contextmanager
def api_gone(watched: Watched, marketplace: Marketplace) -> Iterator[None]:
    with _killed(watched, "discovery"):
        yield


@contextmanager
def aggregator_gone(watched: Watched, marketplace: Marketplace) -> Iterator[None]:
    with _killed(watched, "metrics_aggregator"):
        yield


@contextmanager
def _killed(watched: Watched, job: str) -> Iterator[None]:
    watched.stop(job, signal.SIGKILL)
    try:
        yield
    finally:
        watched.start_service(job)


@contextmanager
def checker_hangs(watched: Watched, marketplace: Marketplace) -> Iterator[None]:
    """The process is up and answers; its rounds do not come to an end."""
    with connect(marketplace.url) as connection, connection.transaction():
        connection.execute("LOCK TABLE vendor_health_checks IN EXCLUSIVE MODE")
        yield
        assert watched.query('up{job="health_checker"}')[0]["value"][1] == "1"


@contextmanager
def vendor_down(watched: Watched, marketplace: Marketplace) -> Iterator[None]:
    watched.receiver.vendor_status = 500
    try:
        yield
    finally:
        watched.receiver.vendor_status = 200
        marketplace.connection.execute("DELETE FROM vendor_health_checks WHERE status = 'down'")


@contextmanager
def storm(watched: Watched, marketplace: Marketplace) -> Iterator[None]:
    with visitors(watched.url("discovery"), clients=2, pause=0.002, first=50):
        yield


@contextmanager
def no_new_partitions(watched: Watched, marketplace: Marketplace) -> Iterator[None]:
    """The manager's rounds succeed, and do nothing."""
    name = "ensure_health_partition(timestamptz)"
    ((source,),) = marketplace.rows(f"SELECT pg_get_functiondef('{name}'::regprocedure)")
    marketplace.connection.execute(
        "CREATE OR REPLACE FUNCTION ensure_health_partition(moment timestamptz) RETURNS text"
        " LANGUAGE sql AS $$ SELECT ''::text $$"
    )
    for (partition,) in marketplace.rows(
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent = 'vendor_health_checks'::regclass ORDER BY 1 OFFSET 1"
    ):
        marketplace.connection.execute(f"DROP TABLE {partition}".encode())
    try:
        yield
    finally:
        marketplace.connection.execute(source.encode())


FAULTS: Mapping[Fault, frozenset[str]] = {
    slow_searches: frozenset(
        {
            "DiscoveryHighLatency",
            "SearchLatencyBudgetBurnFast",
            "SearchLatencyBudgetBurnSlow",
            "DatabasePoolSaturated",
        }
    ),
    failing_searches: frozenset(
        {"DiscoveryErrorRate", "AvailabilityBudgetBurnFast", "AvailabilityBudgetBurnSlow"}
    ),
    api_gone: frozenset({"DiscoveryApiDown"}),
    checker_hangs: frozenset({"HealthCheckWorkerDown"}),
    aggregator_gone: frozenset({"MetricsAggregatorDown"}),
    vendor_down: frozenset({"VendorUptimeLow"}),
    storm: frozenset({"RateLimitStorm"}),
    no_new_partitions: frozenset({"HealthPartitionsRunningOut"}),
}
