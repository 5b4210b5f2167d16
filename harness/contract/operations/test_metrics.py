"""What Prometheus is told, right with several processes."""

from collections.abc import Callable

import pytest

from harness.contract.client import Client
from harness.contract.diagnosis import ContractBroken
from harness.contract.operations.exposition import Reading, broken_histograms, read_metrics
from harness.contract.paths import CATEGORIES, FEATURED, VENDORS

pytestmark = [pytest.mark.capability("metrics"), pytest.mark.requirement("MON-01")]

REQUESTS = "discovery_requests_total"
ERRORS = "discovery_errors_total"
DURATION = "discovery_search_duration_seconds"
RESULTS = "discovery_search_results_total"
ASKED = 12
ATTEMPTS = 6
READINGS = 6  # each over a connection of its own, so that any process may answer


def _readings(new_client: Callable[[], Client]) -> list[Reading]:
    return [read_metrics(new_client()) for _ in range(READINGS)]


def _must_have_grown(name: str, before: float, after: list[float], by: int) -> None:
    if min(after) < before + by or after != sorted(after):
        raise ContractBroken(
            f"{name} did not count what was asked, in every process",
            expected=f"at least {before + by:g}, never falling",
            observed=", ".join(f"{value:g}" for value in after),
            reason=f"{by} requests were answered after it had been {before:g}",
        )


def test_it_is_text_that_prometheus_reads(client: Client) -> None:
    answer = client.get("/metrics")
    assert answer.status == 200
    assert str(answer.headers.get("Content-Type")).startswith(("text/plain", "application/openmetrics-text"))
    assert read_metrics(client).samples


@pytest.mark.parametrize("name", [REQUESTS, ERRORS, f"{DURATION}_bucket", f"{RESULTS}_bucket"])
def test_the_named_metrics_are_there(client: Client, name: str) -> None:
    client.get(VENDORS, {"q": "weather"})
    client.get(VENDORS, {"limit": "none"})
    assert read_metrics(client).of(name), f"/metrics has no {name}"


def test_requests_are_counted_over_processes(new_client: Callable[[], Client]) -> None:
    before = read_metrics(new_client()).total(REQUESTS)
    for _ in range(ASKED):
        new_client().get(CATEGORIES)
    _must_have_grown(REQUESTS, before, [one.total(REQUESTS) for one in _readings(new_client)], ASKED)


def test_errors_are_counted_over_processes(new_client: Callable[[], Client]) -> None:
    before = read_metrics(new_client()).total(ERRORS)
    for _ in range(ASKED):
        new_client().get(VENDORS, {"limit": "none"})
    _must_have_grown(ERRORS, before, [one.total(ERRORS) for one in _readings(new_client)], ASKED)


@pytest.mark.parametrize("name", [DURATION, RESULTS])
def test_searches_are_observed_over_processes(new_client: Callable[[], Client], name: str) -> None:
    before = read_metrics(new_client()).total(f"{name}_count")
    for number in range(ASKED):
        new_client().get(VENDORS, {"q": f"weather {number}"})
    after = [one.total(f"{name}_count") for one in _readings(new_client)]
    _must_have_grown(name, before, after, ASKED)


def test_requests_are_told_apart_by_endpoint(client: Client) -> None:
    for _ in range(ATTEMPTS):  # others may ask at the same time, but hardly each time
        grown = []
        for path in (CATEGORIES, FEATURED):
            before = read_metrics(client).values_of(REQUESTS, "endpoint")
            client.get(path)
            after = read_metrics(client).values_of(REQUESTS, "endpoint")
            grown.append({name for name, value in after.items() if value > before.get(name, 0.0)})
        assert "" not in grown[0] | grown[1], f"{REQUESTS} has no label `endpoint`"
        if grown[0] - grown[1]:
            return
    raise AssertionError(f"{CATEGORIES} and {FEATURED} count as one endpoint")


def test_errors_are_told_apart_by_type(client: Client) -> None:
    client.get(VENDORS, {"limit": "none"})
    client.get(f"{VENDORS}/no-such-vendor-at-all")
    values = read_metrics(client).values_of(ERRORS, "error_type")
    types = {name for name, value in values.items() if name and value > 0}  # a zero was only announced
    assert len(types) >= 2, f"{ERRORS} tells {', '.join(sorted(types)) or 'nothing'} apart"


@pytest.mark.parametrize("name", [DURATION, RESULTS])
def test_histograms_add_up(client: Client, name: str) -> None:
    client.get(VENDORS, {"q": "weather"})
    assert broken_histograms(read_metrics(client), name) == []


def test_a_search_takes_seconds_not_milliseconds(client: Client) -> None:
    """The unit is in the name: a sum in milliseconds would be a thousand times too large."""
    spent = 0.0
    before = read_metrics(client).total(f"{DURATION}_sum")
    for number in range(ASKED):
        spent += client.get(VENDORS, {"q": f"storm {number}"}).seconds
    after = read_metrics(client).total(f"{DURATION}_sum")
    others = 1.0  # what the rest of the suite may have asked meanwhile
    assert after - before <= spent + others
