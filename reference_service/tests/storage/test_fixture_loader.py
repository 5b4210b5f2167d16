"""Loading a data set: everything or nothing, and nothing of it approximated."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reference_service.commands.load_fixtures import load_fixtures
from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.migrator import migrate_up
from reference_service.tests.api.service import metrics, vendor

MOMENT = "2026-03-04T00:00:00Z"
PAYMENT = {"vendorId": 7, "agentId": "a", "amountUsd": "0.000001", "status": "settled", "createdAt": MOMENT}
EVENTS = {
    "telemetry": [{"vendorId": 7, "responseTimeMs": 12.5, "statusCode": 200, "createdAt": MOMENT}],
    "paymentIntents": [PAYMENT],
    "disputes": [{"vendorId": 7, "status": "upheld", "createdAt": MOMENT}],
}
ABSURD = {**EVENTS["telemetry"][0], "responseTimeMs": 1e200}
CHECKS = [{"status": "up", "checkedAt": "2019-12-31T23:30:00-01:00"}]


@pytest.fixture
def settings(new_database: Callable[[], str]) -> Settings:
    made = Settings(database_url=new_database())
    with open_connection(made) as connection:
        migrate_up(connection)
    return made


def load(settings: Settings, folder: Path, document: object) -> int:
    path = folder / "dataset.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return load_fixtures(settings, [str(path)])


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with open_connection(settings) as connection:
        return connection.execute(query.encode()).fetchall()


def test_every_part_of_the_document_is_loaded(settings: Settings, tmp_path: Path) -> None:
    vendors = [vendor(7, metrics=metrics(totalRevenueUsd="1.000001"), healthChecks=CHECKS)]
    assert load(settings, tmp_path, {"version": 1, "vendors": vendors, **EVENTS}) == 0
    assert rows(settings, "SELECT count(*) FROM vendor_health_checks_2020_01") == [(1,)]
    assert rows(settings, "SELECT amount_usd::text FROM payment_intents") == [("0.000001",)]
    assert rows(settings, "SELECT total_revenue_usd::text FROM vendor_metrics") == [("1.000001",)]
    assert rows(settings, "SELECT response_time_ms FROM gateway_telemetry") == [(12.5,)]
    assert rows(settings, "SELECT status FROM vendor_disputes") == [("upheld",)]


def test_loaded_data_are_left_alone_by_the_schedule_for_a_while(settings: Settings, tmp_path: Path) -> None:
    load(settings, tmp_path, {"version": 1, "vendors": [vendor(7)]})
    held = "SELECT held_until BETWEEN now() + interval '290 seconds' AND now() + interval '300 seconds'"
    assert rows(settings, f"{held} FROM schedule_hold") == [(True,)]


def test_new_vendors_get_ids_of_their_own_after_a_load(settings: Settings, tmp_path: Path) -> None:
    load(settings, tmp_path, {"version": 1, "vendors": [vendor(7)]})
    inserted = (
        "INSERT INTO vendors (app_id, slug, service_name, description, category, base_url, default_price_usd)"
        " VALUES ('x', 'x', 'x', '', 'x', 'x', 0) RETURNING id"
    )
    assert rows(settings, inserted) == [(8,)]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "dataset.json"),
        ({"version": 2, "vendors": []}, "version"),
        ({"version": 1, "vendors": [vendor(1, status="asleep")]}, "status"),
        ({"version": 1, "vendors": [], "telemetry": [ABSURD]}, "< 1000000000.0 - at `$.telemetry[0]"),
        (
            {"version": 1, "vendors": [vendor(1, healthChecks=[{**CHECKS[0], "responseTimeMs": 1e9}])]},
            "$.vendors[0].healthChecks[0].responseTimeMs",
        ),
        ({"version": 1, "vendors": [vendor(1, metrics=metrics(p99LatencyMs=1e200))]}, "p99LatencyMs"),
        ({"version": 1, "vendors": [vendor(1), vendor(1)]}, "duplicate key"),
        ({"version": 1, "vendors": [vendor(1, slug="123")]}, "vendors_slug_check"),
        ({"version": 1, "vendors": [vendor(1)], **EVENTS}, "foreign key"),
    ],
)
def test_a_document_that_cannot_be_loaded_changes_nothing(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], document: object, said: str
) -> None:
    load(settings, tmp_path, {"version": 1, "vendors": [vendor(3)]})
    capsys.readouterr()
    assert load(settings, tmp_path, document) == 2
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert said in complaint
    assert rows(settings, "SELECT id FROM vendors") == [(3,)]


def test_a_file_that_is_not_there_is_a_usage_error(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load_fixtures(settings, [str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err


def test_an_invalidation_that_does_not_arrive_is_a_failure(settings: Settings, tmp_path: Path) -> None:
    away = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    assert load(away, tmp_path, {"version": 1, "vendors": []}) == 1
