"""The aggregator's figures in PostgreSQL (MA-01 to MA-07), and what a failing part leaves."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest

from reference_service.domain.aggregation import Aggregated, FailedPart
from reference_service.storage.metrics_aggregation import MetricsAggregation
from reference_service.tests.workers.database import Marketplace
from reference_service.tests.workers.rating import rating
from reference_service.workers.metrics_aggregator import MetricsAggregator, SearchPreparer

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def aggregate(marketplace: Marketplace) -> Aggregated:
    with marketplace.session() as session:
        return MetricsAggregation(session.connection).aggregate()


def test_aggregate_uptime(marketplace: Marketplace) -> None:
    """MA-01: 10 up and 2 down are 83.33 %."""
    marketplace.add_vendor(1)
    marketplace.add_checks(1, NOW - HOUR, *["up"] * 10, *["down"] * 2)
    marketplace.add_checks(1, NOW - 7 * DAY - HOUR, *["down"] * 50)
    aggregate(marketplace)
    assert marketplace.metrics(1)["uptime_pct"] == 83.33


def test_degraded_is_not_up_and_the_window_is_seven_days(marketplace: Marketplace) -> None:
    marketplace.add_vendor(1)
    marketplace.add_checks(1, NOW - 7 * DAY + HOUR, "up", "degraded", "degraded")
    aggregate(marketplace)
    assert marketplace.metrics(1)["uptime_pct"] == 33.33


def test_aggregate_latency(marketplace: Marketplace) -> None:
    """MA-02: continuous percentiles of the last day."""
    marketplace.add_vendor(1)
    marketplace.add_telemetry(1, NOW - HOUR, *range(1, 101))
    marketplace.add_telemetry(1, NOW - 25 * HOUR, 9_000)
    aggregate(marketplace)
    found = marketplace.metrics(1)
    assert (found["avg_latency_ms"], found["p95_latency_ms"], found["p99_latency_ms"]) == (
        pytest.approx(50.5),
        pytest.approx(95.05),
        pytest.approx(99.01),
    )


def test_aggregate_volume(marketplace: Marketplace) -> None:
    """MA-03: all intents count, however old."""
    marketplace.add_vendor(1)
    marketplace.add_payments(1, NOW - 400 * DAY, ("a", "1", "settled"), ("a", "1", "settled"))
    others = [("a", "1", status) for status in ("failed", "created", "authorized", "refunded")]
    marketplace.add_payments(1, NOW - HOUR, *others)
    aggregate(marketplace)
    found = marketplace.metrics(1)
    assert (found["total_requests"], found["success_rate"], found["error_rate"]) == (6, 33.33, 16.67)


def test_aggregate_revenue(marketplace: Marketplace) -> None:
    """MA-04: settled payments only, to the last decimal place."""
    marketplace.add_vendor(1)
    marketplace.add_payments(
        1,
        NOW - HOUR,
        ("a", "99999999999.999999", "settled"),
        ("a", "0.000001", "settled"),
        ("a", "0.123457", "settled"),
        ("a", "5", "refunded"),
        ("a", "7", "failed"),
        ("a", "9", "authorized"),
    )
    aggregate(marketplace)
    assert marketplace.metrics(1)["total_revenue_usd"] == Decimal("100000000000.123457")


def test_aggregate_unique_agents(marketplace: Marketplace) -> None:
    """MA-05: agents who paid."""
    marketplace.add_vendor(1)
    agents = [("a", "settled"), ("a", "settled"), ("b", "settled"), ("c", "failed"), ("d", "created")]
    marketplace.add_payments(1, NOW - HOUR, *[(agent, "1", status) for agent, status in agents])
    aggregate(marketplace)
    assert marketplace.metrics(1)["unique_agents"] == 2


def test_calculate_rating(marketplace: Marketplace) -> None:
    """MA-06: in PostgreSQL as the rule says."""
    cases = list(product((0, 1, 2, 7, 9), (0, 1, 6)))
    for vendor_id, (upheld, undecided) in enumerate(cases, start=1):
        marketplace.add_vendor(vendor_id)
        marketplace.add_disputes(vendor_id, *["upheld"] * upheld, *["open"] * undecided, "rejected")
    aggregate(marketplace)
    found = [marketplace.metrics(vendor_id)["rating_score"] for vendor_id in range(1, len(cases) + 1)]
    assert found == [float(rating(upheld=upheld, undecided=undecided)) for upheld, undecided in cases]
    assert found[cases.index((1, 0))] == 4.5


def test_metrics_upsert(marketplace: Marketplace) -> None:
    """MA-07: a second run updates the row."""
    marketplace.add_vendor(1)
    marketplace.add_payments(1, NOW - HOUR, ("a", "1", "settled"))
    assert aggregate(marketplace) == Aggregated(1, uptime_bands=(0, 0, 0, 0, 1))
    first = marketplace.metrics(1)
    marketplace.add_payments(1, NOW, ("b", "2", "settled"))
    aggregate(marketplace)
    second = marketplace.metrics(1)
    assert (first["total_requests"], second["total_requests"]) == (1, 2)
    assert second["updated_at"] > first["updated_at"]
    assert marketplace.rows("SELECT count(*) FROM vendor_metrics") == [(1,)]


def test_starting_values_where_nothing_is_known(marketplace: Marketplace) -> None:
    marketplace.add_vendor(1, status="inactive")
    aggregate(marketplace)
    found = {**marketplace.metrics(1)}
    del found["updated_at"]
    assert found == {
        "vendor_id": 1,
        "uptime_pct": 100,
        "avg_latency_ms": 0,
        "p95_latency_ms": 0,
        "p99_latency_ms": 0,
        "rating_score": 5,
        "total_requests": 0,
        "success_rate": 100,
        "error_rate": 0,
        "unique_agents": 0,
        "total_revenue_usd": 0,
        "last_request_at": None,
        "up_checks": 0,
        "all_checks": 0,
        "latency_samples": 0,
        "latency_total_ns": 0,
    }


def test_what_leaves_its_window_falls_back_to_the_starting_value(marketplace: Marketplace) -> None:
    marketplace.add_vendor(1)
    marketplace.add_telemetry(1, NOW - HOUR, 70)
    aggregate(marketplace)
    marketplace.connection.execute("UPDATE gateway_telemetry SET created_at = now() - interval '2 days'")
    aggregate(marketplace)
    assert marketplace.metrics(1)["avg_latency_ms"] == 0


@pytest.mark.parametrize(
    ("telemetry", "payment", "latest"), [(2, 1, 1), (1, 2, 1), (3, None, 3), (None, 4, 4)]
)
def test_last_request(
    marketplace: Marketplace, telemetry: int | None, payment: int | None, latest: int
) -> None:
    marketplace.add_vendor(1)
    if telemetry is not None:
        marketplace.add_telemetry(1, NOW - telemetry * DAY, 5)
    if payment is not None:
        marketplace.add_payments(1, NOW - payment * DAY, ("a", "1", "failed"))
    aggregate(marketplace)
    assert marketplace.metrics(1)["last_request_at"] == NOW - latest * DAY


def test_vendors_do_not_mix_and_low_uptimes_are_reported(marketplace: Marketplace) -> None:
    for vendor_id, status in ((1, "active"), (2, "active"), (3, "inactive")):
        marketplace.add_vendor(vendor_id, status=status)
    marketplace.add_checks(1, NOW - HOUR, "up", "down")
    marketplace.add_checks(3, NOW - HOUR, "down")
    assert aggregate(marketplace) == Aggregated(3, (), ((1, 50.0),), (1, 0, 0, 0, 1))
    assert marketplace.metrics(2)["uptime_pct"] == 100


@pytest.mark.parametrize(
    ("table", "part", "columns"),
    [
        ("vendor_disputes", "rating", {"rating_score"}),
        ("vendor_health_checks", "uptime", {"uptime_pct"}),
    ],
)
def test_a_failed_part_keeps_its_last_good_values(
    marketplace: Marketplace, table: str, part: str, columns: set[str]
) -> None:
    def measure(amount: int) -> None:
        marketplace.add_checks(1, NOW - HOUR, *["down"] * amount, "up")
        marketplace.add_disputes(1, *["open"] * amount)
        marketplace.add_telemetry(1, NOW - HOUR, *range(1, amount + 1))
        marketplace.add_payments(1, NOW, *[("a", "1", "settled")] * amount)

    marketplace.add_vendor(1)
    measure(1)
    aggregate(marketplace)
    before = marketplace.metrics(1)
    measure(3)
    marketplace.add_vendor(2)
    marketplace.connection.execute(f"ALTER TABLE {table} RENAME TO away".encode())
    result = aggregate(marketplace)
    after = marketplace.metrics(1)
    assert [failure.name for failure in result.failed] == [part]
    changed = {name for name in before if before[name] != after[name]}
    figures = {"uptime_pct", "rating_score", "total_requests", "avg_latency_ms"}
    assert changed & figures == figures - columns
    assert marketplace.metrics(2)["rating_score"] == 5


class Counted:
    def __init__(self) -> None:
        self.rounds: list[Aggregated] = []
        self.failures = 0

    def aggregated(self, result: Aggregated, seconds: float) -> None:
        assert seconds >= 0
        self.rounds.append(result)

    def aggregation_failed(self) -> None:
        self.failures += 1


class Prepared:
    """An aggregation with a prepared end."""

    def __init__(self, result: Aggregated | Exception, order: list[str]) -> None:
        self._result = result
        self._order = order

    def aggregate(self) -> Aggregated:
        if isinstance(self._result, Exception):
            raise self._result
        self._order.append("committed")
        return self._result


@pytest.mark.parametrize("taken", [True, False])
def test_caches_are_invalidated_after_the_commit(taken: bool) -> None:
    order: list[str] = []

    def invalidate() -> bool:
        order.append("invalidated")
        return taken

    metrics = Counted()
    result = Aggregated(5, (FailedPart("rating", "boom"),))
    MetricsAggregator(invalidate=invalidate, metrics=metrics).run_round(Prepared(result, order))
    assert order == ["committed", "invalidated"]
    assert metrics.rounds == [result]


def test_a_failed_aggregation_is_counted_and_invalidates_nothing() -> None:
    order: list[str] = []
    metrics = Counted()

    def invalidate() -> bool:
        order.append("invalidated")
        return True

    aggregator = MetricsAggregator(invalidate=invalidate, metrics=metrics)
    with pytest.raises(ValueError, match="boom"):
        aggregator.run_round(Prepared(ValueError("boom"), order))
    assert (order, metrics.failures, metrics.rounds) == ([], 1, [])


def test_an_invalidation_that_is_not_taken_is_repeated_until_it_is() -> None:
    answers = [False, False, True]
    aggregator = MetricsAggregator(invalidate=lambda: answers.pop(0), metrics=Counted())
    aggregator.repeat_unheard()
    assert len(answers) == 3, "nothing is owed yet"
    aggregator.run_round(Prepared(Aggregated(5), []))
    for _ in range(4):
        aggregator.repeat_unheard()
    assert answers == []


def test_searches_are_prepared_at_once_and_then_for_a_small_share_of_the_time() -> None:
    now, began = [0.0], list[float]()

    def prepare() -> bool:
        began.append(now[0])
        now[0] += 2
        return True

    preparer = SearchPreparer(clock=lambda: now[0])
    while now[0] < 60:
        preparer.prepare_soon(prepare)
        now[0] += 1
    assert began == [0, 20, 40]
