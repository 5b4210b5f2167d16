"""A round over many vendors: each once, many at a time, nothing lost on a stop."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from reference_service.domain.health import Finding, HealthStatus, HealthTarget
from reference_service.tests.workers.doubles import CountedChecks, MemoryLedger
from reference_service.workers.health_checker import RECORD_EVERY, Checks, HealthChecker

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
UP = Finding(HealthStatus.UP, 5, 200)


class Gathering:
    """Lets checks end only when a number of them are under way at once."""

    def __init__(self, together: int) -> None:
        self._barrier = asyncio.Barrier(together)
        self.urls: list[str] = []
        self.busy = 0
        self.busiest = 0

    async def check(self, url: str) -> Finding:
        self.urls.append(url)
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        await self._barrier.wait()
        self.busy -= 1
        return UP


class Scripted:
    def __init__(self, answer: Callable[[str], Finding]) -> None:
        self._answer = answer

    async def check(self, url: str) -> Finding:
        return self._answer(url)


def ledger_of(count: int) -> MemoryLedger:
    return MemoryLedger([HealthTarget(number, f"http://vendor.test/{number}") for number in range(count)])


def run_round(
    checks: Checks, ledger: MemoryLedger, concurrency: int = 10, stop: threading.Event | None = None
) -> CountedChecks:
    metrics = CountedChecks()
    checker = HealthChecker(checks, concurrency=concurrency, now=lambda: NOW, metrics=metrics)
    checker.run_round(ledger, stop or threading.Event())
    return metrics


def test_health_check_concurrency() -> None:
    """HC-06: exactly ten at a time, each vendor checked and recorded once."""
    ledger, checks = ledger_of(500), Gathering(10)
    metrics = run_round(checks, ledger)
    assert checks.busiest == 10
    assert sorted(check.vendor_id for check in ledger.recorded) == list(range(500))
    assert len(checks.urls) == len(set(checks.urls)) == 500
    assert sorted(vendor_id for vendor_id, _ in metrics.seen) == list(range(500))
    assert {(check.checked_at, check.finding) for check in ledger.recorded} == {(NOW, UP)}


def test_checks_are_recorded_while_the_round_goes_on() -> None:
    ledger = ledger_of(RECORD_EVERY * 3)
    run_round(Scripted(lambda _: UP), ledger, concurrency=1)
    assert [len(batch) for batch in ledger.batches] == [RECORD_EVERY] * 3


def test_no_vendors_leave_nothing() -> None:
    ledger = ledger_of(0)
    run_round(Scripted(lambda _: UP), ledger)
    assert ledger.batches == []


def test_a_stop_finishes_the_checks_in_hand_and_records_them() -> None:
    stop = threading.Event()

    def answer(url: str) -> Finding:
        if url.endswith("/7"):
            stop.set()
        return UP

    ledger = ledger_of(100)
    run_round(Scripted(answer), ledger, concurrency=1, stop=stop)
    assert [check.vendor_id for check in ledger.recorded] == list(range(8))


def test_after_a_stop_a_check_that_does_not_end_is_given_up_and_the_others_are_recorded() -> None:
    class Hanging:
        async def check(self, url: str) -> Finding:
            if url.endswith("/3"):
                stop.set()
                await asyncio.Event().wait()
            return UP

    stop, ledger = threading.Event(), ledger_of(100)
    checker = HealthChecker(Hanging(), concurrency=1, now=lambda: NOW, metrics=CountedChecks(), grace=0.01)
    checker.run_round(ledger, stop)
    assert [check.vendor_id for check in ledger.recorded] == [0, 1, 2]


def test_a_check_that_crashes_ends_no_other() -> None:
    def answer(url: str) -> Finding:
        if url.endswith("/3"):
            raise RuntimeError("unforeseen")
        return UP

    ledger = ledger_of(10)
    run_round(Scripted(answer), ledger)
    findings = {check.vendor_id: check.finding for check in ledger.recorded}
    assert len(findings) == 10
    assert findings.pop(3) == Finding(HealthStatus.DOWN, error="protocol_error")
    assert set(findings.values()) == {UP}
