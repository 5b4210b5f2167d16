"""`work` as operators run it: processes, signals, exit codes."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reference_service.tests.workers.database import Marketplace
from reference_service.tests.workers.waiting import SECONDS, wait_until


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "reference_service", *arguments]


def environment(url: str, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REFERENCE_")}
    return {**kept, "REFERENCE_DATABASE_URL": url, **more}


def work(marketplace: Marketplace, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("work", *arguments),
        env=environment(marketplace.url, **more),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def running(*arguments: str, url: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command(*arguments), env=environment(url, **more), stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def beats(marketplace: Marketplace) -> dict[str, object]:
    return dict(marketplace.rows("SELECT worker, last_success_at FROM worker_heartbeats"))


@pytest.fixture
def stub_url(marketplace: Marketplace) -> Iterator[str]:
    with running("stub-vendors", "--seed", "1", url=marketplace.url) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()


def test_one_round_of_all(marketplace: Marketplace, stub_url: str) -> None:
    for vendor_id in (1, 2, 3):
        marketplace.add_vendor(vendor_id, base_url=f"{stub_url}/vendors/{vendor_id}", endpoint="/health")
    done = work(marketplace, "all", "--once", "--allow", "127.0.0.0/8")
    assert (done.returncode, done.stderr) == (0, "")
    assert all("level" in json.loads(line) for line in done.stdout.splitlines())
    assert set(beats(marketplace)) == {"health-checker", "metrics-aggregator", "partition-manager"}
    assert marketplace.rows("SELECT count(status_code) FROM vendor_health_checks") == [(3,)]
    assert marketplace.rows("SELECT count(*) FROM vendor_metrics") == [(3,)]


def test_loopback_is_blocked_unless_allowed(marketplace: Marketplace, stub_url: str) -> None:
    marketplace.add_vendor(1, base_url=f"{stub_url}/vendors/1", endpoint="/health")
    assert work(marketplace, "health-checker", "--once").returncode == 0
    assert work(marketplace, "health-checker", "--once", REFERENCE_SSRF_ALLOW="127.0.0.1/32").returncode == 0
    assert [row[0] for row in marketplace.rows("SELECT error FROM vendor_health_checks ORDER BY id")] == [
        "blocked_address",
        None,
    ]


def test_a_wrong_call_is_2_and_one_line(marketplace: Marketplace) -> None:
    done = work(marketplace, "nobody")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_an_occupied_metrics_port_is_2_and_one_line(marketplace: Marketplace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = work(marketplace, "all", "--metrics-port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_round_that_fails_is_1(marketplace: Marketplace) -> None:
    marketplace.connection.execute("DROP TABLE vendor_metrics")
    done = work(marketplace, "metrics-aggregator", "--once")
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1])["event"] == "worker_round_failed"
    assert beats(marketplace) == {}


def test_a_database_that_is_away_is_1_and_one_line(marketplace: Marketplace) -> None:
    done = work(marketplace, "all", "--once", REFERENCE_DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_a_worker_is_taken_over_when_it_is_killed_and_stops_when_it_is_told(marketplace: Marketplace) -> None:
    fast = {"REFERENCE_PARTITION_INTERVAL": "0.1"}
    arguments = ("work", "partition-manager")
    with running(*arguments, url=marketplace.url, **fast) as first:
        wait_until(lambda: bool(beats(marketplace)))
        assert work(marketplace, "partition-manager", "--once").returncode == 3
        with running(*arguments, url=marketplace.url, **fast) as second:
            first.kill()
            first.wait(SECONDS)
            at_kill = beats(marketplace)
            wait_until(lambda: beats(marketplace) != at_kill)
            second.send_signal(signal.SIGTERM)
            assert second.wait(SECONDS) == 0


def test_sigterm_finishes_the_check_in_hand(marketplace: Marketplace, stub_url: str) -> None:
    for vendor_id in range(1, 400):
        marketplace.add_vendor(vendor_id, base_url=f"{stub_url}/vendors/{vendor_id}", endpoint="/health")
    with running(
        *("work", "health-checker", "--allow", "127.0.0.0/8"),
        url=marketplace.url,
        REFERENCE_HEALTH_CHECK_CONCURRENCY="5",
    ) as worker:
        count = "SELECT count(*) FROM vendor_health_checks WHERE status_code IS NOT NULL"
        wait_until(lambda: marketplace.rows(count)[0][0] > 0)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(SECONDS) == 0
    checked = [
        row[0] for row in marketplace.rows("SELECT vendor_id FROM vendor_health_checks ORDER BY vendor_id")
    ]
    assert checked == list(range(1, len(checked) + 1))
    assert 100 <= len(checked) < 399


def test_sigterm_ends_within_ten_seconds_though_a_vendor_is_silent(marketplace: Marketplace) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        socket.create_server(("127.0.0.1", 0)) as answering,
    ):
        for vendor_id, server in enumerate((silent, answering), start=1):
            server.settimeout(SECONDS)
            marketplace.add_vendor(vendor_id, base_url=f"http://127.0.0.1:{server.getsockname()[1]}")
        with running(
            *("work", "all", "--allow", "127.0.0.0/8", "--deadline", "600"), url=marketplace.url
        ) as worker:
            heard, _ = silent.accept()
            in_hand, _ = answering.accept()
            in_hand.recv(65536)
            worker.send_signal(signal.SIGTERM)
            in_hand.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            assert worker.wait(10) == 0
            in_hand.close()
            heard.close()
    assert marketplace.rows("SELECT vendor_id FROM vendor_health_checks") == [(2,)]


SLOW = """
CREATE FUNCTION wait_long() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN PERFORM pg_sleep(600); RETURN NEW; END';
CREATE TRIGGER slow BEFORE INSERT ON vendor_metrics FOR EACH ROW EXECUTE FUNCTION wait_long();
"""


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--once",), 1)])
def test_sigterm_ends_within_ten_seconds_though_a_statement_goes_on(
    marketplace: Marketplace, options: tuple[str, ...], code: int
) -> None:
    marketplace.add_vendor(1)
    marketplace.connection.execute(SLOW.encode())
    asleep = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
    with running("work", "metrics-aggregator", *options, url=marketplace.url) as worker:
        wait_until(lambda: len(marketplace.rows(asleep)) == 1)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == code
    assert marketplace.rows("SELECT FROM vendor_metrics") == []


def test_metrics_are_served(marketplace: Marketplace) -> None:
    port = free_port()
    with running("work", "all", "--metrics-port", str(port), url=marketplace.url):
        wait_until(lambda: len(beats(marketplace)) == 3)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
    assert 'worker_rounds_total{outcome="done",worker="metrics-aggregator"} 1.0' in text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
