"""One round of the metrics aggregator: exact figures from a known past."""

from datetime import datetime
from decimal import Decimal

import pytest

from harness.contract.diagnosis import ContractBroken
from harness.contract.workers import histories
from harness.contract.workers.aggregates import LISTINGS, AggregateRound, must_be_near, must_equal
from harness.contract.workers.histories import History


def _each(found: tuple[History, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("history", [pytest.param(h, id=h.name.replace(" ", "-")) for h in found])


@pytest.mark.requirement("MA-01")
@_each(histories.UPTIMES)
def test_uptime(aggregate_round: AggregateRound, history: History) -> None:
    shown = aggregate_round.metrics(history)["uptimePct"]
    must_equal("uptimePct", shown, aggregate_round.expected(history).uptime_pct, history)


@pytest.mark.requirement("MA-02")
@_each(histories.LATENCIES)
def test_latency(aggregate_round: AggregateRound, history: History) -> None:
    shown, expected = aggregate_round.metrics(history), aggregate_round.expected(history)
    must_be_near("avgLatencyMs", shown["avgLatencyMs"], expected.avg_latency_ms, history)
    must_be_near("p95LatencyMs", shown["p95LatencyMs"], expected.p95_latency_ms, history)
    must_be_near("p99LatencyMs", shown["p99LatencyMs"], expected.p99_latency_ms, history)


@pytest.mark.requirement("MA-03")
@_each(histories.VOLUMES)
def test_volume_and_rates(aggregate_round: AggregateRound, history: History) -> None:
    shown, expected = aggregate_round.metrics(history), aggregate_round.expected(history)
    must_equal("totalRequests", shown["totalRequests"], expected.total_requests, history)
    must_equal("successRate", shown["successRate"], expected.success_rate, history)
    must_equal("errorRate", shown["errorRate"], expected.error_rate, history)


@pytest.mark.requirement("MA-04")
@_each(histories.VOLUMES)
def test_revenue_is_an_exact_decimal_with_six_places(
    aggregate_round: AggregateRound, history: History
) -> None:
    shown = aggregate_round.metrics(history)["totalRevenueUsd"]
    expected = f"{aggregate_round.expected(history).total_revenue_usd:.6f}"
    must_equal("totalRevenueUsd", shown, expected, history)


@pytest.mark.requirement("MA-05")
@_each(histories.VOLUMES)
def test_agents_are_counted_once_and_only_if_they_paid(
    aggregate_round: AggregateRound, history: History
) -> None:
    shown = aggregate_round.metrics(history)["uniqueAgents"]
    must_equal("uniqueAgents", shown, aggregate_round.expected(history).unique_agents, history)


@pytest.mark.requirement("MA-06")
@_each(histories.RATINGS)
def test_rating(aggregate_round: AggregateRound, history: History) -> None:
    shown = aggregate_round.metrics(history)["ratingScore"]
    must_equal("ratingScore", shown, aggregate_round.expected(history).rating_score, history)


@pytest.mark.requirement("MA-03")
@_each((*histories.LAST_REQUESTS, *histories.VOLUMES))
def test_last_request(aggregate_round: AggregateRound, history: History) -> None:
    shown = aggregate_round.metrics(history)["lastRequestAt"]
    expected = aggregate_round.expected(history).last_request_at
    must_equal("lastRequestAt", datetime.fromisoformat(shown), expected, history)


@pytest.mark.requirement("MA-07")
@_each(histories.UNTOUCHED)
def test_no_row_gives_the_starting_values(aggregate_round: AggregateRound, history: History) -> None:
    shown = aggregate_round.metrics(history)
    starting = {
        "uptimePct": 100, "ratingScore": 5, "successRate": 100, "errorRate": 0, "avgLatencyMs": 0,
        "p95LatencyMs": 0, "p99LatencyMs": 0, "totalRequests": 0, "uniqueAgents": 0,
    }  # fmt: skip
    for field, value in starting.items():
        must_equal(field, shown[field], Decimal(value), history)
    must_equal("totalRevenueUsd", shown["totalRevenueUsd"], "0.000000", history)
    must_equal("lastRequestAt", shown.get("lastRequestAt"), None, history)


@pytest.mark.requirement("MA-07")
def test_details_show_one_set_of_figures(aggregate_round: AggregateRound) -> None:
    for details in aggregate_round.after.values():
        for field in (
            "uptimePct",
            "avgLatencyMs",
            "ratingScore",
            "totalRequests",
            "successRate",
            "uniqueAgents",
        ):
            assert details[field] == details["metrics"][field], f"vendor {details['id']}: {field} differs"


@pytest.mark.requirement("MA-07")
def test_a_second_round_updates_and_changes_no_figure(aggregate_round: AggregateRound) -> None:
    for number, details in aggregate_round.after.items():
        first, second = dict(details["metrics"]), dict(aggregate_round.again[number]["metrics"])
        dates = [metrics.pop("updatedAt", None) for metrics in (first, second)]
        assert first == second, f"vendor {number}: the second round changed the figures of the first"
        if dates == [None, None]:
            continue  # it is optional
        assert None not in dates, f"vendor {number}: updatedAt is told after one of two rounds only"
        earlier, later = map(datetime.fromisoformat, dates)
        assert earlier < later, f"vendor {number}: the second round did not update updatedAt"


@pytest.mark.requirement("MA-07")
def test_a_round_overwrites_what_was_there(aggregate_round: AggregateRound) -> None:
    measured = next(h for h in histories.UNTOUCHED if h.measured)
    number = aggregate_round.number(measured)
    assert aggregate_round.before[number]["metrics"]["totalRequests"] == 987_654
    assert aggregate_round.metrics(measured)["totalRequests"] == 0


@pytest.mark.requirement("PRF-02", "MA-07")
@pytest.mark.parametrize("listing", LISTINGS)
def test_a_round_invalidates_the_caches(aggregate_round: AggregateRound, listing: str) -> None:
    """The same list just before and just after the round: what was cached must be gone."""
    before, after = aggregate_round.listed_before[listing], aggregate_round.listed_after[listing]
    assert after, f"{listing} shows nobody"
    for number, listed in after.items():
        details, stale = aggregate_round.after[number], before.get(number, {})
        for field in ("uptimePct", "avgLatencyMs", "ratingScore", "totalRequests"):
            if listed[field] != details[field]:
                raise ContractBroken(
                    f"{listing} shows an old {field} of vendor {number} after the aggregator's round",
                    expected=str(details[field]),
                    observed=str(listed[field]),
                    reason="details already show the new figure"
                    + (", and it showed this one before the round" * (listed[field] == stale.get(field))),
                )


@pytest.mark.requirement("PRF-02")
@pytest.mark.capability("conditional_requests")
def test_a_round_makes_old_validators_void(aggregate_round: AggregateRound) -> None:
    assert aggregate_round.revalidated == 200, "a search that shows new figures still has its old ETag"
