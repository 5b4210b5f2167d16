"""One round of the metrics aggregator."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from harness.tests.second_target.records import Books, Metrics, Vendor

UPTIME_WINDOW, LATENCY_WINDOW = timedelta(days=7), timedelta(hours=24)


def aggregated(books: Books) -> Books:
    now = datetime.now(UTC)
    return replace(books, metrics={v.id: _metrics(books, v, now) for v in books.vendors.values()})


def _metrics(books: Books, vendor: Vendor, now: datetime) -> Metrics:
    checks = [check for check in books.checks.get(vendor.id, ()) if check.at > now - UPTIME_WINDOW]
    telemetry = [row for row in books.telemetry if row.vendor == vendor.id]
    latencies = sorted(row.milliseconds for row in telemetry if row.at > now - LATENCY_WINDOW)
    intents = [intent for intent in books.intents if intent.vendor == vendor.id]
    settled = [intent for intent in intents if intent.status == "settled"]
    failed = [intent for intent in intents if intent.status == "failed"]
    disputes = [dispute.status for dispute in books.disputes if dispute.vendor == vendor.id]
    moments = [row.at for row in telemetry] + [intent.at for intent in intents]
    return Metrics(
        uptime=_percent(sum(check.status == "up" for check in checks), len(checks), 100.0),
        latency=round(sum(latencies) / len(latencies), 3) if latencies else 0.0,
        p95=_percentile(latencies, 0.95),
        p99=_percentile(latencies, 0.99),
        rating=_rating(disputes.count("upheld"), disputes.count("open")),
        requests=len(intents),
        success=_percent(len(settled), len(intents), 100.0),
        error=_percent(len(failed), len(intents), 0.0),
        agents=len({intent.agent for intent in settled}),
        revenue=sum((intent.amount for intent in settled), Decimal(0)),
        last_request=max(moments, default=None),
        updated=now,
    )


def _percent(part: int, whole: int, without: float) -> float:
    if not whole:
        return without
    return float((Decimal(100 * part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _percentile(ordered: Sequence[float], share: float) -> float:
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return round(ordered[below] + (ordered[above] - ordered[below]) * (place - below), 3)


def _rating(upheld: int, pending: int) -> float:
    return float(max(Decimal(1), Decimal(5) - Decimal("0.5") * upheld - Decimal("0.1") * pending))
