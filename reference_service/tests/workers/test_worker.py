"""The composition of the workers: which jobs a call makes, and what each does to the database."""

import threading

import pytest
from prometheus_client import CollectorRegistry

from reference_service.domain.worker_names import WorkerName
from reference_service.settings import Settings
from reference_service.telemetry.worker_metrics import WorkerMetrics
from reference_service.tests.workers.database import Marketplace
from reference_service.worker import build_jobs, parse

SETTINGS = Settings(
    database_url="postgresql://unused", health_check_interval=7, aggregate_interval=8, partition_interval=9
)


@pytest.mark.parametrize(
    ("worker", "expected"),
    [
        ("all", {"partition-manager": 9, "health-checker": 7, "metrics-aggregator": 8}),
        ("health-checker", {"health-checker": 7}),
    ],
)
def test_the_jobs_of_a_call(worker: str, expected: dict[str, float]) -> None:
    jobs = build_jobs(SETTINGS, parse([worker]), WorkerMetrics(CollectorRegistry()))
    assert {job.name.value: job.interval for job in jobs} == expected


def test_each_job_does_its_work_and_reports_it(marketplace: Marketplace) -> None:
    marketplace.add_vendor(1, base_url="http://127.0.0.1:1", endpoint="/")
    registry = CollectorRegistry()
    options = parse(["all", "--allow", "127.0.0.0/8, ::1/128", "--deadline", "5"])
    for job in build_jobs(marketplace.settings, options, WorkerMetrics(registry)):
        with marketplace.session() as session:
            job.run(session, threading.Event())
    assert marketplace.rows("SELECT error FROM vendor_health_checks") == [("connection_refused",)]
    assert marketplace.rows("SELECT worker, interval_seconds FROM worker_progress") == [
        ("health-checker", 60)
    ]
    assert marketplace.metrics(1)["uptime_pct"] == 0
    assert registry.get_sample_value("metrics_vendors_processed_total") == 1
    assert registry.get_sample_value("vendor_uptime_pct", {"vendor_id": "1"}) == 0


def test_searches_are_prepared_between_rounds_where_vendors_have_changed(marketplace: Marketplace) -> None:
    (job,) = build_jobs(
        marketplace.settings, parse(["metrics-aggregator"]), WorkerMetrics(CollectorRegistry())
    )
    with marketplace.session() as session:
        job.run(session, threading.Event())
        assert marketplace.rows("SELECT FROM search_changes") == []
        marketplace.add_vendor(1)
        assert len(marketplace.rows("SELECT FROM search_changes")) == 1
        job.meanwhile(session)
    assert marketplace.rows("SELECT FROM search_changes") == []
    assert marketplace.rows("SELECT vendor_id FROM search_places") == [(1,)]


def test_the_health_checker_makes_the_partition_that_it_needs(marketplace: Marketplace) -> None:
    children = "SELECT inhrelid::regclass::text FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
    partitions = children + " WHERE inhparent = 'vendor_health_checks'::regclass"
    for (name,) in marketplace.rows(partitions):
        marketplace.connection.execute(f"DROP TABLE {name}".encode())
    marketplace.add_vendor(1)
    options = parse([WorkerName.HEALTH_CHECKER.value])
    (job,) = build_jobs(marketplace.settings, options, WorkerMetrics(CollectorRegistry()))
    with marketplace.session() as session:
        session.connection.execute("UPDATE vendors SET base_url = 'ftp://vendor.test'")
        job.run(session, threading.Event())
    assert marketplace.rows("SELECT error FROM vendor_health_checks") == [("blocked_scheme",)]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nobody"],
        ["all", "--allow", "10.0.0.0/33"],
        ["all", "--allow", "10.0.0.1/8"],
        ["all", "--deadline", "0"],
        ["all", "--deadline", "nan"],
        ["all", "--metrics-port", "70000"],
    ],
)
def test_a_wrong_call_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
