"""Readings of the Prometheus text format."""

from email.message import Message

import pytest

from harness.contract.client import Response
from harness.contract.diagnosis import ContractBroken
from harness.contract.operations.exposition import Reading, broken_histograms, parsed
from harness.contract.operations.limiting import wait_told

HISTOGRAM = """\
# TYPE took_seconds histogram
took_seconds_bucket{{le="1.0"}} {first}
took_seconds_bucket{{le="+Inf"}} {last}
took_seconds_sum 3
took_seconds_count 5
"""


def read(text: str) -> Reading:
    return parsed(Response(200, Message(), text.encode(), "curl", 0.0))


def test_series_are_summed_and_told_apart() -> None:
    reading = read('# TYPE asked counter\nasked_total{endpoint="a"} 2\nasked_total{endpoint="b"} 3\n')
    assert reading.total("asked_total") == 5
    assert reading.values_of("asked_total", "endpoint") == {"a": 2, "b": 3}
    assert reading.of("asked") == ()


def test_what_is_no_exposition_is_a_broken_promise() -> None:
    with pytest.raises(ContractBroken, match="text format"):
        read("<html>\n")


def test_a_histogram_adds_up() -> None:
    assert broken_histograms(read(HISTOGRAM.format(first=2, last=5)), "took_seconds") == []


@pytest.mark.parametrize(("first", "last", "problem"), [(6, 5, "fall"), (2, 4, "not its count")])
def test_a_histogram_that_does_not_add_up_is_named(first: int, last: int, problem: str) -> None:
    wrong = broken_histograms(read(HISTOGRAM.format(first=first, last=last)), "took_seconds")
    assert len(wrong) == 1
    assert problem in wrong[0]


def test_a_histogram_ends_at_infinity() -> None:
    text = HISTOGRAM.format(first=5, last=5)
    (wrong,) = broken_histograms(
        read("".join(text.splitlines(True)[:2] + text.splitlines(True)[3:])), "took_seconds"
    )
    assert "no bucket to +Inf" in wrong


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("57", 57), ("Mon, 30 Nov 2026 08:00:57 GMT", 57), ("soon", None), ("-1", None), (None, None)],
)
def test_a_wait_is_a_number_or_a_date(told: str | None, seconds: int | None) -> None:
    headers = Message()
    headers["Date"] = "Mon, 30 Nov 2026 08:00:00 GMT"
    if told is not None:
        headers["Retry-After"] = told
    assert wait_told(Response(429, headers, b"", "curl", 0.0), 0.0) == seconds
