"""Vendors whose past is known exactly, for a round of the metrics aggregator."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from harness.contract.workers.vendors import past_check, plain_vendor
from harness.fixtures.aggregation import LATENCY_WINDOW, UPTIME_WINDOW
from harness.fixtures.dataset import Dataset, Dispute, HealthCheck, Metrics, PaymentIntent, Telemetry, Vendor

IntentStatus = Literal["created", "authorized", "settled", "failed", "refunded"]
DisputeStatus = Literal["open", "upheld", "rejected"]
INSIDE_WEEK, OUTSIDE_WEEK = timedelta(days=6, hours=23, minutes=50), timedelta(days=7, minutes=10)
INSIDE_DAY, OUTSIDE_DAY = timedelta(hours=23, minutes=50), timedelta(hours=24, minutes=10)
LEAVES_AFTER = timedelta(seconds=10)
LEAVING_WEEK, LEAVING_DAY = UPTIME_WINDOW - LEAVES_AFTER, LATENCY_WINDOW - LEAVES_AFTER
HOUR = timedelta(hours=1)
DISPUTED = timedelta(days=100)  # a dispute counts however old it is
FEATURED = 12  # vendors, the first ones


@dataclass(frozen=True, slots=True)
class Payment:
    agent: str
    amount: str
    status: IntentStatus
    age: timedelta = HOUR


@dataclass(frozen=True, slots=True)
class History:
    """`checks` are (status, age), `latencies` (milliseconds, age); ages count back from the round.

    `status_code` is that of all calls that `latencies` tells.
    """

    name: str
    checks: tuple[tuple[str, timedelta], ...] = ()
    latencies: tuple[tuple[int, timedelta], ...] = ()
    status_code: int = 200
    payments: tuple[Payment, ...] = ()
    disputes: tuple[DisputeStatus, ...] = ()
    measured: bool = False
    active: bool = True


def _checks(
    up: int, down: int = 0, degraded: int = 0, age: timedelta = HOUR
) -> tuple[tuple[str, timedelta], ...]:
    words = ["up"] * up + ["down"] * down + ["degraded"] * degraded
    return tuple((word, age + timedelta(minutes=place)) for place, word in enumerate(words))


def _latencies(*milliseconds: int, age: timedelta = HOUR) -> tuple[tuple[int, timedelta], ...]:
    return tuple((ms, age + timedelta(seconds=place)) for place, ms in enumerate(milliseconds))


UPTIMES = (
    History("was up 10 times of 12", checks=_checks(10, 2)),
    History("was degraded once in four", checks=_checks(3, degraded=1)),
    History("was never up", checks=_checks(0, 3)),
    History("was up two times of three", checks=_checks(2, 1)),
    History("was down just within the week", checks=_checks(1) + _checks(0, 1, age=INSIDE_WEEK)),
    History("was down before the week", checks=_checks(1) + _checks(0, 1, age=OUTSIDE_WEEK)),
    History("was last checked before the week", checks=_checks(0, 5, age=OUTSIDE_WEEK), measured=True),
)
LATENCIES = (
    History("answered a hundred times", latencies=_latencies(*range(10, 1010, 10))),
    History("answered unevenly", latencies=_latencies(1, 2, 3, 1000)),
    History("answered alike", latencies=_latencies(10, 10, 10, 100, 100)),
    History("answered once", latencies=_latencies(77)),
    History("answered twice", latencies=_latencies(100, 201)),
    History("answered with errors", latencies=_latencies(10, 20, 900), status_code=500),
    History("was slow just within the day", latencies=_latencies(10) + _latencies(900, age=INSIDE_DAY)),
    History("was slow before the day", latencies=_latencies(10) + _latencies(900, age=OUTSIDE_DAY)),
    History("last answered before the day", latencies=_latencies(50, age=OUTSIDE_DAY), measured=True),
)
VOLUMES = (
    History(
        "was paid in every way",
        payments=(
            Payment("a", "1.500000", "settled"),
            Payment("a", "0.250000", "settled"),
            Payment("b", "0.000001", "settled"),
            Payment("c", "9.000000", "failed"),
            Payment("d", "9.000000", "created"),
            Payment("e", "9.000000", "authorized"),
            Payment("f", "9.000000", "refunded"),
        ),
    ),
    History(
        "was never paid", payments=(Payment("a", "5.000000", "failed"), Payment("b", "5.000000", "created"))
    ),
    History(
        "settles two of three",
        payments=(
            Payment("a", "0.100000", "settled"),
            Payment("b", "0.200000", "settled"),
            Payment("c", "7.000000", "failed"),
        ),
    ),
    History(
        "was paid by agents with like names",
        payments=tuple(Payment(agent, "1.000000", "settled") for agent in ("agent", "Agent", "agent ")),
    ),
    History(
        "earned more than a float can tell",
        payments=(Payment("a", "98765432109.000001", "settled"), Payment("b", "0.000001", "settled")),
    ),
    History(
        "earns in crumbs", payments=tuple(Payment(f"agent-{n % 7}", "0.000001", "settled") for n in range(70))
    ),
    History(
        "was paid long ago",
        payments=(
            Payment("a", "2.000000", "settled", timedelta(days=300)),
            Payment("b", "3.000000", "failed", timedelta(days=200)),
        ),
    ),
)
RATINGS = (
    History("has no dispute", measured=True),
    History("has an upheld dispute", disputes=("upheld",)),
    History("has an open dispute", disputes=("open",)),
    History("has a rejected dispute", disputes=("rejected",)),
    History("has disputes of every kind", disputes=("upheld", "upheld", "open", "open", "open", "rejected")),
    History("has eight upheld disputes", disputes=("upheld",) * 8),
    History("has more disputes than a rating can bear", disputes=("upheld",) * 9 + ("open",) * 4),
)
LAST_REQUESTS = (
    History(
        "was last called by telemetry",
        latencies=_latencies(5),
        payments=(Payment("a", "1.000000", "failed", 2 * HOUR),),
    ),
    History(
        "was last called by an intent",
        latencies=_latencies(5, age=3 * HOUR),
        payments=(Payment("a", "1.000000", "created"),),
    ),
    History(
        "was last called in vain",
        latencies=_latencies(5),
        status_code=503,
        payments=(Payment("a", "1.000000", "settled", 2 * HOUR),),
    ),
    History("was last called before the day", latencies=_latencies(5, age=OUTSIDE_DAY)),
)
UNTOUCHED = (
    History("has no history and no metrics"),
    History("has no history but metrics", measured=True),
)
_STEADY = _latencies(*range(10, 1010, 10))


def _leaving(*milliseconds: int) -> tuple[tuple[int, timedelta], ...]:
    return tuple((ms, LEAVING_DAY) for ms in milliseconds)


# What is in the windows when a round begins soon, and no more when one begins after LEAVES_AFTER. A target
# whose first round begins later is judged rightly as well, only less sharply.
LEAVING = (
    History("was down a week ago", checks=_checks(3) + _checks(0, 1, age=LEAVING_WEEK)),
    History("was last checked a week ago", checks=_checks(0, 1, age=LEAVING_WEEK)),
    History("was slow a day ago", latencies=_STEADY + _leaving(4000, 9000)),
    History("was quick a day ago", latencies=_STEADY + _leaving(1, 2, 3, 4, 5, 6)),
    History("was as ever a day ago", latencies=_STEADY + _leaving(955, 500, 992, 960)),
    History(
        "was called all day long",
        latencies=_latencies(*(100 * (n % 100) for n in range(1000)))
        + _leaving(*(100 * n for n in range(100))),
    ),
    History("was last called a day ago", latencies=_leaving(70, 80)),
)
HISTORIES = (*UPTIMES, *LATENCIES, *VOLUMES, *RATINGS, *LAST_REQUESTS, *UNTOUCHED)


def build(histories: tuple[History, ...], at: datetime) -> Dataset:
    """Vendor 1 has the first history, and so on. Each also has neighbours, whose rows are not its own."""
    numbered = list(enumerate(histories, 1))
    return Dataset(
        version=1,
        vendors=tuple(_vendor(number, history, at) for number, history in numbered),
        telemetry=tuple(
            Telemetry(
                vendor_id=number, response_time_ms=ms, status_code=history.status_code, created_at=at - age
            )
            for number, history in numbered
            for ms, age in history.latencies
        ),
        payment_intents=tuple(
            PaymentIntent(
                vendor_id=number,
                agent_id=payment.agent,
                amount_usd=payment.amount,
                status=payment.status,
                created_at=at - payment.age,
            )
            for number, history in numbered
            for payment in history.payments
        ),
        disputes=tuple(
            Dispute(vendor_id=number, status=status, created_at=at - DISPUTED)
            for number, history in numbered
            for status in history.disputes
        ),
    )


def _vendor(number: int, history: History, at: datetime) -> Vendor:
    return msgspec.structs.replace(
        plain_vendor(number, f"Vendor that {history.name}", at),
        metrics=_stale_metrics(at) if history.measured else None,
        health_checks=_health_checks(history, at),
        status="active" if history.active else "inactive",
        featured_order=number if number <= FEATURED else None,
    )


def _health_checks(history: History, at: datetime) -> tuple[HealthCheck, ...]:
    return tuple(past_check(status, at - age) for status, age in history.checks)


def _stale_metrics(at: datetime) -> Metrics:
    """Figures of an earlier round, all of them wrong by now."""
    return Metrics(
        uptime_pct=12.34,
        avg_latency_ms=1234,
        p95_latency_ms=2345,
        p99_latency_ms=3456,
        rating_score=1.5,
        total_requests=987_654,
        success_rate=12.34,
        error_rate=56.78,
        unique_agents=4321,
        total_revenue_usd="777.000000",
        last_request_at=at - timedelta(days=20),
        updated_at=at - timedelta(days=20),
    )
