"""`load-catalogue` into a database, and one aggregator round over it."""

import os
import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest

from reference_service.catalogue.command import load_catalogue
from reference_service.settings import Settings
from reference_service.storage.metrics_aggregation import MetricsAggregation
from reference_service.storage.migrator import migrate_up
from reference_service.storage.schedule_hold import hold_schedule, is_held

STUB = "http://127.0.0.1:9"


@pytest.fixture
def settings(new_database: Callable[[], str]) -> Settings:
    settings = Settings(database_url=new_database())
    with psycopg.connect(settings.database_url) as connection:
        migrate_up(connection)
    return settings


def test_it_replaces_what_was_there_and_aggregates_to_plausible_figures(settings: Settings) -> None:
    with psycopg.connect(settings.database_url) as connection:
        hold_schedule(connection, 300)
    for vendors in ("300", "200"):
        assert load_catalogue(settings, ["--vendors", vendors, "--seed", "3", "--stub-url", STUB + "/"]) == 0
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        assert not is_held(connection)
        assert MetricsAggregation(connection).aggregate().vendors == 200
        found = connection.execute(
            "SELECT count(*), count(DISTINCT uptime_pct), count(DISTINCT rating_score), min(rating_score),"
            " count(*) FILTER (WHERE avg_latency_ms > 0), count(*) FILTER (WHERE total_revenue_usd > 0),"
            " count(last_request_at), avg(success_rate) FROM vendor_metrics"
        ).fetchone()
        assert found is not None
        vendors_with_metrics, uptimes, ratings, lowest, timed, paid, seen, success = found
        assert vendors_with_metrics == 200
        assert uptimes > 5
        assert ratings > 2
        assert lowest >= 1
        assert min(timed, paid, seen) > 150
        assert 85 < success < 99
        row = connection.execute(
            "INSERT INTO vendors (app_id, slug, service_name, description, category, base_url,"
            " default_price_usd) VALUES ('a', 'b', 'c', 'd', 'e', 'f', 1) RETURNING id"
        ).fetchone()
        assert row == (201,)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--vendors", "0", "--stub-url", STUB],
        ["--vendors", "many", "--stub-url", STUB],
        ["--stub-url", "ftp://x"],
        ["--vendors", "5"],
    ],
)
def test_a_wrong_call_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        load_catalogue(Settings(database_url="postgresql://unused"), arguments)
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_database_that_is_away_is_1_and_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reference_service", "load-catalogue", "--vendors", "1", "--stub-url", STUB],
        env={**os.environ, "REFERENCE_DATABASE_URL": "postgresql://127.0.0.1:1/x"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
