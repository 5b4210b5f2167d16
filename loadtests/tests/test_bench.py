"""What the load kit's bench computes and shows; its runs are the command's own business."""

from pathlib import Path
from time import monotonic

import pytest

from harness.target import ClientIdentity
from loadtests.bench.figures import Case, Figure, LoadBench, bench_table, off, truthfulness
from loadtests.bench.servers import irregularity_of, make_certificate, rate_of
from loadtests.bench.tools import Reading, hey_reading, wrk_reading
from loadtests.connections import Connections, ExchangeError
from loadtests.identities import Identities
from loadtests.pools import tls_context
from loadtests.tests.conftest import StartServer


def test_distance_from_the_truth() -> None:
    assert off(500.0, 945.0, (500.0, 900.0)) == pytest.approx(0.05)
    assert off(None, 900.0, (500.0, 900.0)) is None


def test_what_the_server_saw() -> None:
    even = [n * 0.01 for n in range(101)]
    assert rate_of(even) == pytest.approx(100)
    assert irregularity_of(even) == pytest.approx(0, abs=1e-9)
    assert irregularity_of([0.0, 0.001, 1.0, 1.001, 2.0]) > 0.9


def test_the_table_says_what_was_kept_and_what_is_not_installed() -> None:
    table = bench_table(
        LoadBench(
            truth_p95=500,
            truth_p99=900,
            cases=(
                Case(case="large pool", tool="launchkit", requests=2000, p95=501, p99=903, off=0.003),
                Case(case="large pool", tool="hey", requests=0, note="not installed"),
            ),
            figures=(
                Figure(name="cost", value=1.1, limit=2, unit="times"),
                Figure(name="rate", value=0.9, limit=0.5, unit="%"),
            ),
        )
    )
    assert "501.0" in table
    assert "0.3%" in table
    assert "not installed" in table
    assert "kept" in table
    assert "NOT KEPT" in table


def test_our_percentiles_are_held_against_the_truth_in_each_case_and_others_are_not() -> None:
    cases = [
        Case(case="large pool", tool="launchkit", requests=9, p95=520, p99=900, off=0.04),
        Case(case="large pool", tool="hey", requests=9, p95=5, p99=9, off=0.99),
        Case(case="TLS", tool="launchkit", requests=9, p95=560, p99=900, off=0.12),
        Case(case="late", tool="launchkit", requests=9, p95=500, p99=900, note="INVALID"),
    ]
    figures = list(truthfulness(cases))
    assert [(figure.name.rpartition(": ")[2], figure.value, figure.kept) for figure in figures] == [
        ("large pool", 4.0, True),
        ("TLS", 12.0, False),
        ("late", None, None),
    ]
    said = bench_table(LoadBench(truth_p95=500, truth_p99=900, cases=(), figures=tuple(figures)))
    assert [row.rpartition(": ")[2] for row in said.splitlines()[-3:]] == ["kept", "NOT KEPT", "not measured"]


def test_what_hey_says_is_read() -> None:
    said = """
Latency distribution:
  90% in 0.0016 secs
  95% in 0.2263 secs
  99% in 0.4263 secs

Status code distribution:
  [200]\t86 responses
  [500]\t9 responses

Error distribution:
  [81]\tGet "http://127.0.0.1:1/v1": dial tcp 127.0.0.1:1: connect: connection refused
"""
    assert hey_reading(said) == Reading(95, 226.3, 426.3, failed=90)
    assert hey_reading(said.replace("99% in 0.4263", "0% in 0.0000")) == Reading(95, 226.3, None, failed=90)


def test_wrk_is_made_to_say_what_its_own_report_leaves_out() -> None:
    said = 'Requests/sec: 5\npercentiles {"requests": 435, "failed": 43, "p95": 50995, "p99": 74575}\n'
    assert wrk_reading(said) == Reading(435, 50.995, 74.575, failed=43)
    assert wrk_reading("unable to connect") == Reading(0, None, None)


def test_tls_is_verified_and_spoken(
    start_server: StartServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = tmp_path / "certificate.pem"
    make_certificate(certificate)
    url = start_server("--certificate", str(certificate), "--close")
    single = Identities(ClientIdentity.SINGLE, ("",))
    tls_context.cache_clear()
    try:
        with pytest.raises(ExchangeError, match="tls_error"):
            Connections(url, single, {}, timeout=30).get("/", 0, monotonic() + 30)
        tls_context.cache_clear()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        trusting = Connections(url, single, {}, timeout=30)
        for _ in range(2):
            assert trusting.get("/v1/marketplace/vendors", 0, monotonic() + 30).status == 200
        assert trusting.opened == 2
    finally:
        tls_context.cache_clear()
