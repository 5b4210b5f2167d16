"""What the workers tell Prometheus, at whichever of the profile's `metrics_urls` they tell it."""

import urllib.error
import urllib.request

import pytest
from prometheus_client.samples import Sample

from harness.contract.diagnosis import ContractBroken
from harness.contract.fixtures import SUITE
from harness.contract.operations.exposition import Reading, broken_histograms, parsed_text
from harness.target import Target

pytestmark = pytest.mark.capability("metrics")

CHECK_SECONDS, CHECKS, CHECK_ERRORS = (
    "health_check_duration_seconds",
    "health_check_status_total",
    "health_check_errors_total",
)
ROUND_SECONDS, PROCESSED, ROUND_ERRORS = (
    "metrics_aggregation_duration_seconds",
    "metrics_vendors_processed_total",
    "metrics_aggregation_errors_total",
)
TIMEOUT_SECONDS = 10
LARGEST = 32 * 1024 * 1024
STATUSES = {"up", "degraded", "down"}


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest) -> Reading:
    """All that is told at the profile's URLs; one that does not answer tells nothing."""
    target: Target = request.config.stash[SUITE].target
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    samples: list[Sample] = []
    for url in target.metrics_urls:
        try:
            with opener.open(url, timeout=TIMEOUT_SECONDS) as answer:
                text = answer.read(LARGEST).decode("utf-8", "replace")
        except (OSError, ValueError, urllib.error.URLError):
            continue
        samples += parsed_text(text, url).samples
    return Reading(tuple(samples))


def _seen(told: Reading, work: tuple[str, str], worker: str) -> None:
    """Workers that only run rounds and end need not keep an endpoint; who tells of work tells all of it.

    Before the first round, and before the first error, a labelled series need not be there.
    """
    wanted = {f"{name}_count" if name.endswith("_seconds") else name for name in work}
    missing = sorted(name for name in wanted if told.total(name) <= 0)
    if len(missing) == len(wanted):
        pytest.skip(f"none of the profile's `metrics_urls` tells of work of the {worker}")
    if missing:
        raise ContractBroken(
            f"the {worker} does not tell all of its work",
            expected=", ".join(sorted(wanted)),
            observed="nothing in " + ", ".join(missing),
        )


@pytest.mark.requirement("MON-02")
def test_the_health_checker_tells_its_checks(told: Reading) -> None:
    _seen(told, (CHECK_SECONDS, CHECKS), "health checker")
    assert broken_histograms(told, CHECK_SECONDS) == []
    assert all(sample.labels.get("vendor_id") for sample in told.of(f"{CHECK_SECONDS}_count"))
    for sample in told.of(CHECKS):
        assert sample.labels.get("vendor_id"), f"{CHECKS} has no vendor_id"
        assert sample.labels.get("status") in STATUSES, f"{CHECKS} counts {sample.labels.get('status')!r}"


@pytest.mark.requirement("MON-02")
def test_each_check_is_counted_and_timed(told: Reading) -> None:
    """Not to the last one: a check may end while the metrics are being read."""
    _seen(told, (CHECK_SECONDS, CHECKS), "health checker")
    counted, timed = told.total(CHECKS), told.total(f"{CHECK_SECONDS}_count")
    assert abs(counted - timed) <= max(20, 0.05 * counted), f"{counted:g} checks counted, {timed:g} timed"
    assert told.total(CHECK_ERRORS) <= counted + 20, "more errors than checks"


@pytest.mark.requirement("MON-03")
def test_the_aggregator_tells_its_rounds(told: Reading) -> None:
    _seen(told, (ROUND_SECONDS, PROCESSED), "metrics aggregator")
    assert broken_histograms(told, ROUND_SECONDS) == []
    assert told.total(PROCESSED) >= 0
    assert told.total(ROUND_ERRORS) >= 0
