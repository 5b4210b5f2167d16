"""Checks every vendor's health endpoint, many at a time, and records one row a check."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Protocol

import structlog

from reference_service.domain.health import Finding, HealthCheck, HealthStatus, HealthTarget, Reason

RECORD_EVERY = 100
RECORD_WITHIN_SECONDS = 10.0
GRACE_SECONDS = 6.0
_LOOK_SECONDS = 0.1

log = structlog.get_logger(__name__)


class Ledger(Protocol):
    """Where targets come from and checks go; used by one thread at a time."""

    def targets(self) -> Sequence[HealthTarget]: ...

    def record(self, checks: Sequence[HealthCheck]) -> None: ...


class Checks(Protocol):
    async def check(self, url: str) -> Finding: ...


class CheckMetrics(Protocol):
    def checked(self, vendor_id: int, finding: Finding, seconds: float) -> None: ...


class HealthChecker:
    """One round checks each target once.

    A stop lets the checks in hand finish for `grace` seconds, gives up those that have not, and records the
    others.
    """

    def __init__(
        self,
        checks: Checks,
        *,
        concurrency: int,
        now: Callable[[], datetime],
        metrics: CheckMetrics,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self._checks = checks
        self._concurrency = concurrency
        self._now = now
        self._metrics = metrics
        self._grace = grace

    def run_round(self, ledger: Ledger, stop: threading.Event) -> None:
        asyncio.run(self._round(ledger, stop))

    async def _round(self, ledger: Ledger, stop: threading.Event) -> None:
        targets = iter(await asyncio.to_thread(ledger.targets))
        record = _Recorder(ledger)

        async def work() -> None:
            # The workers share one iterator: each takes the next target when it is free.
            for target in targets:
                if stop.is_set():
                    return
                await record.add(await self._check(target))

        try:
            async with (
                asyncio.timeout(None) as limit,
                self._limiting(limit, stop),
                asyncio.TaskGroup() as group,
            ):
                for _ in range(self._concurrency):
                    group.create_task(work())
        except TimeoutError:
            log.warning("health_checks_given_up", grace_seconds=self._grace)
        await record.flush()

    @asynccontextmanager
    async def _limiting(self, limit: asyncio.Timeout, stop: threading.Event) -> AsyncIterator[None]:
        """Meanwhile, bound what is in hand once there is a stop."""

        async def watch() -> None:
            while not stop.is_set():
                await asyncio.sleep(_LOOK_SECONDS)
            limit.reschedule(asyncio.get_running_loop().time() + self._grace)

        watching = asyncio.create_task(watch())
        try:
            yield
        finally:
            watching.cancel()

    async def _check(self, target: HealthTarget) -> HealthCheck:
        checked_at, started = self._now(), time.perf_counter()
        try:
            finding = await self._checks.check(target.url)
        except Exception:
            # One odd vendor must not end the round of all the others.
            log.exception("health_check_crashed", vendor_id=target.vendor_id)
            finding = Finding(HealthStatus.DOWN, error=Reason.PROTOCOL_ERROR.value)
        self._metrics.checked(target.vendor_id, finding, time.perf_counter() - started)
        return HealthCheck(target.vendor_id, checked_at, finding)


class _Recorder:
    """Writes checks in batches, away from the event loop."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: list[HealthCheck] = []
        self._writing = asyncio.Lock()
        self._due = time.monotonic() + RECORD_WITHIN_SECONDS

    async def add(self, check: HealthCheck) -> None:
        self._waiting.append(check)
        if len(self._waiting) >= RECORD_EVERY or time.monotonic() >= self._due:
            await self.flush()

    async def flush(self) -> None:
        """To its end, even where the check that it comes after is given up."""
        await asyncio.shield(self._write())

    async def _write(self) -> None:
        async with self._writing:
            checks, self._waiting = self._waiting, []
            self._due = time.monotonic() + RECORD_WITHIN_SECONDS
            if checks:
                await asyncio.to_thread(self._ledger.record, checks)
