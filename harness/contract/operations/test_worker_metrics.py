"""What the workers tell Prometheus, at whichever of the profile's `metrics_urls` they tell it."""

import pytest

from harness.contract.diagnosis import ContractBroken
from harness.contract.operations.exposition import broken_histograms
from harness.contract.operations.telling import Telling

pytestmark = pytest.mark.capability("metrics")

CHECK_SECONDS, CHECKS, CHECK_ERRORS = (
    "health_check_duration_seconds",
    "health_check_status_total",
    "health_check_errors_total",
)
ROUND_SECONDS, PROCESSED = "metrics_aggregation_duration_seconds", "metrics_vendors_processed_total"
STATUSES = {"up", "degraded", "down"}
LONG_CHECK_SECONDS = 60.0  # a check has ten seconds by default, and the average of all is far below
ROUND_IN_HAND_SECONDS = 60.0  # of a round that had begun before the first look


def _seen(told: Telling, work: tuple[str, str], worker: str) -> None:
    """Workers that only run rounds and end need not keep an endpoint; who tells of work tells all of it.

    Before the first round, and before the first error, a labelled series need not be there.
    """
    wanted = {f"{name}_count" if name.endswith("_seconds") else name for name in work}
    missing = sorted(name for name in wanted if told.reading.total(name) <= 0)
    if len(missing) == len(wanted):
        pytest.skip(f"none of the profile's `metrics_urls` tells of work of the {worker}")
    if missing:
        raise ContractBroken(
            f"the {worker} does not tell all of its work",
            expected=", ".join(sorted(wanted)),
            observed="nothing in " + ", ".join(missing),
        )


def _labelled(told: Telling, name: str, label: str, known: set[str] | None = None) -> None:
    for sample in told.reading.of(name):
        value = sample.labels.get(label, "")
        if not value or (known is not None and value not in known):
            raise ContractBroken(
                f"{name} does not tell the {label}",
                expected=f"{label}: {' or '.join(sorted(known)) if known else 'a value'}",
                observed=f"{label}: {value!r} of {sample.value:g}",
            )


@pytest.mark.requirement("MON-02")
def test_the_health_checker_tells_its_checks(workers_told: Telling) -> None:
    _seen(workers_told, (CHECK_SECONDS, CHECKS), "health checker")
    assert broken_histograms(workers_told.reading, CHECK_SECONDS) == []
    _labelled(workers_told, f"{CHECK_SECONDS}_count", "vendor_id")
    _labelled(workers_told, CHECKS, "vendor_id")
    _labelled(workers_told, CHECKS, "status", STATUSES)


@pytest.mark.requirement("MON-02")
def test_each_check_is_counted_and_timed(workers_told: Telling) -> None:
    """Not to the last one: a check may end while the metrics are being read."""
    _seen(workers_told, (CHECK_SECONDS, CHECKS), "health checker")
    told = workers_told.reading
    counted, timed = told.total(CHECKS), told.total(f"{CHECK_SECONDS}_count")
    assert abs(counted - timed) <= max(20, 0.05 * counted), f"{counted:g} checks counted, {timed:g} timed"
    assert told.total(CHECK_ERRORS) <= counted + 20, "more errors than checks"


@pytest.mark.requirement("MON-02")
def test_a_check_takes_seconds_not_milliseconds(workers_told: Telling) -> None:
    _seen(workers_told, (CHECK_SECONDS, CHECKS), "health checker")
    timed = workers_told.reading.total(f"{CHECK_SECONDS}_count")
    average = workers_told.reading.total(f"{CHECK_SECONDS}_sum") / timed
    if average > LONG_CHECK_SECONDS:
        raise ContractBroken(
            f"{CHECK_SECONDS} tells longer checks than there can be",
            expected=f"at most {LONG_CHECK_SECONDS:g} s on average",
            observed=f"{average:g} s",
            reason="the unit is in the name",
        )


@pytest.mark.requirement("MON-03")
def test_the_aggregator_tells_its_rounds(workers_told: Telling) -> None:
    _seen(workers_told, (ROUND_SECONDS, PROCESSED), "metrics aggregator")
    assert broken_histograms(workers_told.reading, ROUND_SECONDS) == []


@pytest.mark.requirement("MON-03")
def test_a_round_takes_seconds_not_milliseconds(workers_told: Telling) -> None:
    """One process at a time makes rounds, so together they take no longer than the time that has passed."""
    _seen(workers_told, (ROUND_SECONDS, PROCESSED), "metrics aggregator")
    spent = workers_told.grown(f"{ROUND_SECONDS}_sum")
    if spent > workers_told.seconds + ROUND_IN_HAND_SECONDS:
        raise ContractBroken(
            f"{ROUND_SECONDS} tells longer rounds than there can have been",
            expected=f"at most {workers_told.seconds:.0f} s, in which the rounds were made",
            observed=f"{spent:g} s more than before",
            reason="the unit is in the name",
        )
