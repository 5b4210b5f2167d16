"""A round of the health checker over many local endpoints, guard included, beside one httpx.AsyncClient."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network

import httpx

from reference_service.benches.figure import Figure
from reference_service.domain.health import Finding, HealthCheck, HealthStatus, HealthTarget
from reference_service.workers.dialling import NetworkDialler, client_tls
from reference_service.workers.health_check import Checker
from reference_service.workers.health_checker import HealthChecker
from reference_service.workers.ssrf import Guard, SystemResolver

CONCURRENCY, DEADLINE = 10, 10
REPETITIONS = 3


def measure_health_checks(endpoints: int) -> Iterator[Figure]:
    """The two take turns, so that whatever else the machine does meets both."""
    with _server() as url:
        targets = [HealthTarget(number, f"{url}/vendors/{number}/health") for number in range(endpoints)]
        ways: dict[str, Callable[[Sequence[HealthTarget]], None]] = {
            "one httpx.AsyncClient": _with_httpx,
            "the health checker": _with_the_checker,
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(REPETITIONS):
            for name, way in ways.items():
                started = time.perf_counter()
                way(targets)
                times[name].append(time.perf_counter() - started)
    return (Figure(f"{endpoints} checks: {name}", tuple(seconds)) for name, seconds in times.items())


def _with_the_checker(targets: Sequence[HealthTarget]) -> None:
    ledger, resolver = _Ledger(targets), SystemResolver(CONCURRENCY)
    guard = Guard(resolver, (ip_network("127.0.0.0/8"),))
    checker = HealthChecker(
        Checker(guard, NetworkDialler(client_tls()), deadline=DEADLINE),
        concurrency=CONCURRENCY,
        now=lambda: datetime.now(UTC),
        metrics=_Unmeasured(),
    )
    checker.run_round(ledger, threading.Event())
    resolver.close()
    _complete(ledger.up, len(targets))


def _with_httpx(targets: Sequence[HealthTarget]) -> None:
    async def run() -> int:
        up, waiting = 0, iter(targets)

        async def work(client: httpx.AsyncClient) -> None:
            nonlocal up
            for target in waiting:
                answer = await client.get(target.url)
                up += answer.is_success

        # Every vendor is a host of its own: no connection is of use twice.
        limits = httpx.Limits(max_connections=CONCURRENCY, max_keepalive_connections=0)
        async with httpx.AsyncClient(timeout=DEADLINE, limits=limits, trust_env=False) as client:
            await asyncio.gather(*(work(client) for _ in range(CONCURRENCY)))
        return up

    _complete(asyncio.run(run()), len(targets))


def _complete(up: int, wanted: int) -> None:
    if up != wanted:
        raise RuntimeError(f"{wanted - up} of {wanted} checks did not succeed")


@contextmanager
def _server() -> Iterator[str]:
    command = [sys.executable, "-m", "reference_service.benches.endpoints"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield (server.stdout.readline() if server.stdout else "").strip()
        finally:
            server.terminate()


class _Ledger:
    def __init__(self, targets: Sequence[HealthTarget]) -> None:
        self._targets = targets
        self.up = 0

    def targets(self) -> Sequence[HealthTarget]:
        return self._targets

    def record(self, checks: Sequence[HealthCheck]) -> None:
        self.up += sum(check.finding.status is HealthStatus.UP for check in checks)


class _Unmeasured:
    def checked(self, vendor_id: int, finding: Finding, seconds: float) -> None:
        pass
