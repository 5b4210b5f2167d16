"""The target's own count, held against the client's."""

from collections.abc import Callable

import pytest

from harness.evidence import Status
from harness.load_result import LoadVerdict, Reconciliation
from harness.target import Target
from loadtests.exposition import (
    Sent,
    Uncounted,
    database_seconds,
    read_exposition,
    reconcile,
    requests_total,
    unexplained,
)
from loadtests.options import make_job
from loadtests.scraping import Scraper
from loadtests.tests.conftest import StartServer, closed_port, scripted_server
from loadtests.tests.driving import drive_validly

TargetOf = Callable[..., Target]

PAGE = """
# TYPE http_requests counter
http_requests_total{path="/v1",code="200"} %d
http_requests_total{path="/metrics",code="200"} %d 1700000000
http_requests_failed_total nonsense
database_pool_busy_seconds_total 1.5
http_request_duration_seconds_bucket{le="1"} 9
"""


def _page(ours: int, others: int = 0) -> str:
    return PAGE % (ours, others)


def test_only_what_counts_is_read() -> None:
    readings = read_exposition(_page(5, 2))
    assert {name for name, _ in readings} == {"http_requests_total", "database_pool_busy_seconds_total"}
    assert (requests_total(readings), database_seconds(readings)) == (7.0, 1.5)
    assert database_seconds(read_exposition("http_requests_total 1")) is None


@pytest.mark.parametrize(
    ("ours", "others", "sent", "explanation"),
    [
        (100, 0, Sent(100, 0, 10), ""),
        (103, 0, Sent(100, 5, 10), "of 5 requests that got no answer the target counted 3"),
        (100, 400, Sent(100, 0, 10), 'path="/v1" counts ours, the other 400 are requests of other kinds'),
        (115, 0, Sent(100, 0, 10), "15 more, no more than probes and scrapers ask"),
        (150, 0, Sent(100, 0, 10), "unexplained: the target counted 50 requests more"),
        (99, 0, Sent(100, 5, 10), "unexplained: 1 requests that were answered are missing"),
    ],
)
def test_differences_are_explained_or_not(ours: int, others: int, sent: Sent, explanation: str) -> None:
    before, after = read_exposition(_page(7, 7)), read_exposition(_page(7 + ours, 7 + others))
    found = reconcile(before, after, sent)
    assert found is not None
    assert found.explanation.startswith(explanation)
    assert unexplained(found) is explanation.startswith("unexplained")


def test_counters_that_began_anew_are_told() -> None:
    found = reconcile(read_exposition(_page(500)), read_exposition(_page(40)), Sent(100, 0, 10))
    assert found is not None
    assert "began anew" in found.explanation


def test_the_marketplaces_own_counter_is_preferred() -> None:
    text = "http_requests_total 100\ndiscovery_requests_total 90"
    found = reconcile({}, read_exposition(text), Sent(100, 0, 10))
    assert found is not None
    assert (found.metric, found.server) == ("discovery_requests_total", 90)


def test_nothing_counted_is_nothing_reconciled() -> None:
    assert reconcile({}, read_exposition("up 1"), Sent(1, 0, 1)) is None


@pytest.mark.parametrize(
    ("every", "verdict", "status"),
    [("1", LoadVerdict.PASS, Status.REHEARSED), ("2", LoadVerdict.FAIL, Status.FAIL)],
)
def test_a_target_that_miscounts_fails(
    start_server: StartServer, target_of: TargetOf, every: str, verdict: LoadVerdict, status: Status
) -> None:
    target = target_of(start_server("--counts-every", every), "capabilities: [metrics]")
    result = drive_validly(make_job(target, "search", duration=1.5, rate=40))
    (outcome,) = (criterion for criterion in result.criteria if criterion.id == "counts")
    assert (result.verdict, outcome.status) == (verdict, status)
    assert [r.client for r in result.reconciliation] == [60]
    assert result.service


def test_metrics_that_are_promised_and_not_there_leave_it_open(
    start_server: StartServer, target_of: TargetOf
) -> None:
    target = target_of(start_server(), f"metrics_urls: [http://127.0.0.1:{closed_port()}/metrics]")
    result = drive_validly(make_job(target, "search", duration=1, rate=40))
    assert (result.verdict, result.reconciliation, result.service) == (LoadVerdict.UNDECIDED, (), ())
    (outcome,) = (criterion for criterion in result.criteria if criterion.id == "counts")
    assert outcome.status is Status.UNDECIDED
    assert "could not be read when the run began" in outcome.message


def _page_of(count: int) -> bytes:
    body = b"http_requests_total %d\n" % count if count else b"up 1\n"
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)


def test_metrics_that_are_gone_in_the_end_leave_it_open(target_of: TargetOf) -> None:
    pages = {1: [_page_of(7)], 2: [_page_of(7)]}
    with scripted_server(lambda n: pages.get(n, [b""])) as (url, _):
        scraper = Scraper(target_of(url, "capabilities: [metrics]"))
        scraper.start()
        found = scraper.settle(Sent(1, 0, 1))
    assert isinstance(found, Uncounted)
    assert "when the run had ended" in found.reason


def test_a_counter_that_its_first_request_brings_forth_counts_from_zero(target_of: TargetOf) -> None:
    pages = {1: [_page_of(0)], 2: [_page_of(0)]}
    with scripted_server(lambda n: pages.get(n, [_page_of(40)])) as (url, _):
        scraper = Scraper(target_of(url, "capabilities: [metrics]"))
        scraper.start()
        found = scraper.settle(Sent(40, 0, 1))
    assert isinstance(found, Reconciliation)
    assert (found.server, found.explanation) == (40, "")


def test_no_metrics_promised_is_nothing_open(target_of: TargetOf) -> None:
    scraper = Scraper(target_of("http://127.0.0.1:1"))
    scraper.start()
    assert scraper.settle(Sent(40, 0, 1)) is None
