"""Makes up the vendors' past: health checks, calls, payments and disputes."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from reference_service.catalogue.behaviour import Behaviour, answer, behaviour_of
from reference_service.catalogue.draws import stream
from reference_service.catalogue.model import Check, Dispute, Payment, Telemetry, Vendor
from reference_service.catalogue.vendors import Plan
from reference_service.domain.health import Finding, HealthStatus, Reason, judge

CHECKS = 24
CHECK_DAYS = 7
PAYMENT_DAYS = 60
CALLS_A_VENDOR = 12
PAYMENTS_A_VENDOR = 16
_NEW_SHARE = 0.03  # vendors that nothing is known of yet
_MAX_REDIRECTS = 3
_STATUSES = ("settled", "failed", "refunded", "authorized", "created")
_STATUS_WEIGHTS = (93.0, 95.5, 96.5, 98.5, 100.0)


def behaviours(plan: Plan) -> dict[int, Behaviour]:
    return {vendor_id: behaviour_of(plan.seed, vendor_id) for vendor_id in range(1, plan.count + 1)}


def known(plan: Plan, vendors: Sequence[Vendor]) -> tuple[Vendor, ...]:
    """The vendors that have a past."""
    rng = stream(plan.seed, "known")
    return tuple(vendor for vendor in vendors if rng.random() >= _NEW_SHARE)


def health_checks(plan: Plan, vendors: Sequence[Vendor], kinds: dict[int, Behaviour]) -> Iterator[Check]:
    """The checks of the last week, oldest first, as the checker would have written them."""
    rng = stream(plan.seed, "checks")
    step = timedelta(days=CHECK_DAYS) / CHECKS
    times = [plan.now - step * (number + 0.5) for number in range(CHECKS - 1, -1, -1)]
    for vendor in vendors:
        if vendor.health_endpoint is not None:
            kind = kinds[vendor.id]
            for time in times:
                yield _check(vendor.id, _find(kind, rng), time + timedelta(seconds=60 * rng.random()))


def telemetry(plan: Plan, vendors: Sequence[Vendor], kinds: dict[int, Behaviour]) -> Iterator[Telemetry]:
    """Calls of the last day; a few vendors get most of them."""
    rng = stream(plan.seed, "telemetry")
    for vendor, calls in _spread(vendors, CALLS_A_VENDOR, rng):
        kind = kinds[vendor.id]
        for _ in range(calls):
            given = answer(kind, kind.hops, rng)
            moment = plan.now - timedelta(seconds=86_000 * rng.random())
            yield Telemetry(vendor.id, max(1, round(given.seconds * 1000)), given.status_code, moment)


def payments(plan: Plan, vendors: Sequence[Vendor]) -> Iterator[Payment]:
    """Intents of the last two months, by agents of whom some come often."""
    rng = stream(plan.seed, "payments")
    agents = max(10, len(vendors))
    for vendor, intents in _spread(vendors, PAYMENTS_A_VENDOR, rng):
        for _ in range(intents):
            agent = f"agent-{int(agents * rng.random() ** 2)}"
            status = rng.choices(_STATUSES, cum_weights=_STATUS_WEIGHTS)[0]
            moment = plan.now - timedelta(days=PAYMENT_DAYS * rng.random())
            yield Payment(vendor.id, agent, vendor.default_price_usd, status, moment)


def disputes(plan: Plan, vendors: Sequence[Vendor]) -> Iterator[Dispute]:
    """One to four disputes of every twelfth vendor or so."""
    rng = stream(plan.seed, "disputes")
    for vendor in vendors:
        if rng.random() < 0.08:
            for _ in range(rng.randint(1, 4)):
                moment = plan.now - timedelta(days=90 * rng.random())
                yield Dispute(vendor.id, rng.choice(("open", "upheld", "rejected")), moment)


def _spread(vendors: Sequence[Vendor], mean: int, rng: random.Random) -> Iterator[tuple[Vendor, int]]:
    """Shares by popularity: 1 / rank ** 0.7, in an order drawn anew, with `mean` as their mean."""
    order = rng.sample(vendors, len(vendors))
    weights = [rank**-0.7 for rank in range(1, len(order) + 1)]
    total = sum(weights)
    for vendor, weight in zip(order, weights, strict=True):
        yield vendor, round(mean * len(order) * weight / total)


def _find(kind: Behaviour, rng: random.Random) -> Finding:
    elapsed = 0.0
    for hop in range(_MAX_REDIRECTS + 1):
        given = answer(kind, hop, rng)
        elapsed += given.seconds
        if given.next_hop is None:
            return judge(given.status_code, round(elapsed * 1000))
    return Finding(HealthStatus.DOWN, round(elapsed * 1000), 302, Reason.TOO_MANY_REDIRECTS.value)


def _check(vendor_id: int, finding: Finding, moment: datetime) -> Check:
    return Check(
        vendor_id,
        finding.status.value,
        finding.response_time_ms,
        finding.status_code,
        finding.error,
        moment,
    )
